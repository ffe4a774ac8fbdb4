package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

final class SubmitSettingsTest {
  private static final String JAR = "file:/p/swarmformer-spark-0.1.0.jar";
  private static final String NATIVES = "file:/p/swarmformer-spark-0.1.0-natives-cpu.jar";

  private static SparkConf conf(String master) {
    return new SparkConf(false).set("spark.master", master);
  }

  @Test
  void keepsNativesOfAStandaloneCluster() {
    SubmitSettings settings =
        new SubmitSettings(conf("spark://m:7077").set("spark.jars", NATIVES + "," + JAR));
    assertThat(settings.kept())
        .containsExactly(
            "--master 'spark://m:7077'", "--jars /p/swarmformer-spark-0.1.0-natives-cpu.jar");
    assertThat(settings.jar()).isEqualTo("/p/swarmformer-spark-0.1.0.jar");
  }

  @Test
  void keepsNativesOfYarn() {
    SubmitSettings settings =
        new SubmitSettings(
            conf("yarn").set("spark.yarn.dist.jars", NATIVES).set("spark.jars", JAR));
    assertThat(settings.kept())
        .containsExactly("--master 'yarn'", "--jars /p/swarmformer-spark-0.1.0-natives-cpu.jar");
    assertThat(settings.jar()).isEqualTo("/p/swarmformer-spark-0.1.0.jar");
  }

  @Test
  void keepsNativesInClusterModeOfYarn() {
    SubmitSettings settings =
        new SubmitSettings(
            conf("yarn")
                .set("spark.submit.deployMode", "cluster")
                .set("spark.yarn.dist.jars", NATIVES));
    assertThat(settings.kept())
        .containsExactly(
            "--master 'yarn'",
            "--deploy-mode cluster",
            "--jars /p/swarmformer-spark-0.1.0-natives-cpu.jar");
    assertThat(settings.jar()).isEqualTo("swarmformer-spark.jar");
  }
}
