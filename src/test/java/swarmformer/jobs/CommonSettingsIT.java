package swarmformer.jobs;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clusters often set, all at once. Each by itself: {@link EachCommonSettingIT}. */
@Tag("long")
class CommonSettingsIT extends CommonSettingsBase {
  @Test
  void allTogetherChangeNothing() throws IOException {
    everythingWorks(CommonSettings.together());
  }
}
