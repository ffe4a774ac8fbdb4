package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.metrics.sink.PrometheusServlet;
import org.apache.spark.metrics.sink.StatsdSink;
import org.apache.spark.metrics.source.JvmSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFilesTest {
  private static final Path CONF = Script.projectHome().resolve("conf");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark-defaults.conf",
        "standalone.conf",
        "yarn-gpu.conf",
        "kubernetes-gpu.conf",
        "kubernetes-elastic.conf"
      })
  void holdOnlyWhatSparkKnows(String file) throws Exception {
    Map<String, String> settings = SparkSettings.read(CONF.resolve(file));
    assertThat(settings).containsKeys("spark.master", "spark.sql.files.maxPartitionBytes");
    assertThat(SparkSettings.faults(settings)).isEmpty();
  }

  @Test
  void aCheckOfSettingsFindsMistakes() {
    assertThat(
            SparkSettings.faults(
                Map.of("spark.excludeOnFailure.enable", "true", "spark.executor.memory", "lots")))
        .hasSize(2)
        .anyMatch(fault -> fault.equals("spark.excludeOnFailure.enable unknown"))
        .anyMatch(fault -> fault.startsWith("spark.executor.memory: "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn-gpu.conf", "kubernetes-gpu.conf"})
  void shareAGpuAmongTheTasksOfAnExecutor(String file) throws Exception {
    Map<String, String> settings = SparkSettings.read(CONF.resolve(file));
    double share = Double.parseDouble(settings.get("spark.task.resource.gpu.amount"));
    assertThat(share * Integer.parseInt(settings.get("spark.executor.cores"))).isEqualTo(1);
    assertThat(settings)
        .containsEntry("spark.executor.resource.gpu.amount", "1")
        .containsEntry("spark.speculation", "false")
        .containsKey("spark.executor.memoryOverhead");
  }

  @Test
  void nameTheLibtorchThatTheBuildIsFor() throws Exception {
    String pom = Files.readString(Script.projectHome().resolve("pom.xml"));
    String version = pom.replaceAll("(?s).*<pytorch.version>(.*)</pytorch.version>.*", "$1");
    for (String file : List.of("standalone.conf", "yarn-gpu.conf", "kubernetes-gpu.conf")) {
      assertThat(SparkSettings.read(CONF.resolve(file)))
          .containsEntry("spark.executorEnv.PYTORCH_VERSION", version);
    }
    assertThat(Files.readString(Script.projectHome().resolve("docker/Dockerfile")))
        .contains("torch==" + version + "\n", "PYTORCH_VERSION=" + version + " ");
    assertThat(Files.readString(Script.projectHome().resolve("jobs/pack-gpu-natives.sh")))
        .contains("\nwanted=" + version + "\n");
  }

  @Test
  void nameClassesOfMetricsThatExist() throws Exception {
    assertThat(readMetrics())
        .containsEntry("*.sink.prometheusServlet.class", PrometheusServlet.class.getName())
        .containsEntry("*.source.jvm.class", JvmSource.class.getName());
    for (String file : List.of("standalone.conf", "yarn-gpu.conf", "kubernetes-gpu.conf")) {
      assertThat(SparkSettings.read(CONF.resolve(file)))
          .containsEntry(
              "spark.metrics.conf.driver.sink.prometheusServlet.class",
              PrometheusServlet.class.getName())
          .containsEntry(
              "spark.metrics.conf.executor.sink.statsd.class", StatsdSink.class.getName());
    }
  }

  private static Properties readMetrics() throws IOException {
    Properties metrics = new Properties();
    try (Reader reader = Files.newBufferedReader(CONF.resolve("metrics.properties"))) {
      metrics.load(reader);
    }
    return metrics;
  }
}
