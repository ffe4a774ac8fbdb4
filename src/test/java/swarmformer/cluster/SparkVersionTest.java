package swarmformer.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SparkVersionTest {
  @ParameterizedTest
  @ValueSource(strings = {"4.0.1", "4.0.5", "4.1.0", "4.2.1", "4.3.0", "4.0.10", "4.1.4-vendor-2"})
  void takesReleasesSinceTheFirstThatWorks(String version) {
    assertThatCode(() -> new SparkVersion(version, "2.13.16").checkSupported())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5.9", "4.0.0", "4.4.0", "5.0.0", "unknown"})
  void refusesOthers(String version) {
    assertThatThrownBy(() -> new SparkVersion(version, "2.13.16").checkSupported())
        .isInstanceOf(UnsupportedSparkException.class)
        .hasMessage(
            "Cannot run on Spark %s with Scala 2.13.16: swarmformer-spark needs Spark 4.0.1 or a later 4.0, 4.1, 4.2 or 4.3, with Scala 2.13. Set SPARK_HOME to one of them.",
            version);
  }

  @Test
  void refusesAnotherScala() {
    assertThatThrownBy(() -> new SparkVersion("4.1.0", "2.12.18").checkSupported())
        .hasMessageStartingWith("Cannot run on Spark 4.1.0 with Scala 2.12.18: ");
  }

  @Test
  void knowsWhatRuns() {
    assertThat(SparkVersion.running().line()).isEqualTo("4.1");
    SparkVersion.check();
  }
}
