package swarmformer.jobs;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What clusters often set, all at once. Each by itself: {@link EachCommonSettingIT}. */
class CommonSettingsIT extends CommonSettingsBase {
  @Test
  void allTogetherChangeNothing() throws IOException {
    everythingWorks(CommonSettings.together());
  }
}
