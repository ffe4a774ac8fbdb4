package swarmformer.jobs;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What clusters often set, one topic after the other. */
@Tag("long")
class EachCommonSettingIT extends CommonSettingsBase {
  static Stream<Arguments> topics() {
    return CommonSettings.byTopic().entrySet().stream()
        .map(topic -> Arguments.of(topic.getKey(), topic.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("topics")
  void changesNothing(String topic, Map<String, String> settings) throws IOException {
    everythingWorks(settings);
  }
}
