package swarmformer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import swarmformer.cluster.SparkVersion;

final class TableFormatTest {
  private static SparkVersion spark(String version) {
    return new SparkVersion(version, "2.13.16");
  }

  @Test
  void advisesTheReleaseForTheSparkThatRuns() {
    assertThat(TableFormat.DELTA.remedy(spark("4.0.5")))
        .isEqualTo("Add -- --packages io.delta:delta-spark_4.0_2.13:4.4.0.");
    assertThat(TableFormat.ICEBERG.remedy(spark("4.0.1")))
        .isEqualTo("Add -- --packages org.apache.iceberg:iceberg-spark-runtime-4.0_2.13:1.11.0.");
  }

  @Test
  void saysThatThereIsNoReleaseForTheSparkThatRuns() {
    assertThat(TableFormat.ICEBERG.remedy(spark("4.2.1")))
        .isEqualTo(
            "Its last known releases are for Spark 4.0, 4.1, and this is Spark 4.2.1: run on one of these, or add a newer Apache Iceberg with -- --packages.");
  }

  @Test
  void advisesWhatTheTestsRunWith() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    for (TableFormat format : TableFormat.values()) {
      String[] artifact = format.artifacts().get("4.1").split(":");
      String version = format.toString() + ".version>" + artifact[2] + "<";
      assertThat(pom).contains(version);
    }
  }
}
