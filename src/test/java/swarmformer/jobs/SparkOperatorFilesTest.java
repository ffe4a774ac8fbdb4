package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

class SparkOperatorFilesTest {
  private static final Path HOME = Script.projectHome();

  @ParameterizedTest
  @ValueSource(strings = {"spark-application.yaml", "scheduled-spark-application.yaml"})
  void holdOnlyFieldsOfTheOperator(String file) throws Exception {
    assertThat(OperatorSchema.faults(read(file))).isEmpty();
  }

  @Test
  void aCheckOfFieldsFindsMistakes() {
    Map<String, Object> spec =
        Map.of(
            "mainclass", "X",
            "sparkConf", Map.of("spark.speculation", false),
            "restartPolicy", Map.of("type", "Sometimes"),
            "arguments", List.of("--date", 20261101));
    assertThat(
            OperatorSchema.faults(
                Map.of(
                    "apiVersion",
                    "sparkoperator.k8s.io/v1beta2",
                    "kind",
                    "SparkApplication",
                    "spec",
                    spec)))
        .containsExactlyInAnyOrder(
            "/spec/mainclass is no field",
            "/spec/sparkConf/spark.speculation is false",
            "/spec/restartPolicy/type is Sometimes",
            "/spec/arguments[] is 20261101");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark-application.yaml", "scheduled-spark-application.yaml"})
  void holdOnlySettingsOfSpark(String file) throws Exception {
    assertThat(SparkSettings.faults(settings(application(file)))).isEmpty();
  }

  @Test
  void askApachesOperatorForTheSameNight() throws Exception {
    Map<String, ?> night = read("apache-spark-application.yaml");
    Map<?, ?> spec = (Map<?, ?>) night.get("spec");
    Map<?, ?> kubeflow = application("spark-application.yaml");
    assertThat(night.get("apiVersion")).isEqualTo("spark.apache.org/v1");
    assertThat(spec.keySet())
        .map(Object::toString)
        .containsExactlyInAnyOrder(
            "mainClass",
            "jars",
            "driverArgs",
            "applicationTolerations",
            "runtimeVersions",
            "sparkConf");
    assertThat(spec.get("driverArgs")).isEqualTo(kubeflow.get("arguments"));
    assertThat(spec.get("mainClass")).isEqualTo(kubeflow.get("mainClass"));
    assertThat(spec.get("jars")).isEqualTo(kubeflow.get("mainApplicationFile"));
    Map<String, String> settings = settings(spec);
    assertThat(SparkSettings.faults(settings)).isEmpty();
    assertThat(settings).containsAllEntriesOf(settings(kubeflow));
    Map<String, String> conf = SparkSettings.read(HOME.resolve("conf/kubernetes-gpu.conf"));
    settings.keySet().retainAll(conf.keySet());
    assertThat(conf).containsAllEntriesOf(settings);
  }

  @Test
  void agreeWithTheSettingsForKubernetes() throws Exception {
    Map<String, String> conf = SparkSettings.read(HOME.resolve("conf/kubernetes-gpu.conf"));
    Map<?, ?> application = application("spark-application.yaml");
    assertThat(conf).containsAllEntriesOf(settings(application));
    assertThat(application.get("image")).isEqualTo(conf.get("spark.kubernetes.container.image"));
    Map<?, ?> executor = (Map<?, ?>) application.get("executor");
    assertThat(executor.get("memory")).isEqualTo(conf.get("spark.executor.memory"));
    assertThat(executor.get("memoryOverhead")).isEqualTo(conf.get("spark.executor.memoryOverhead"));
    assertThat(executor.get("cores").toString()).isEqualTo(conf.get("spark.executor.cores"));
  }

  @Test
  void differInTheDateOnly() throws Exception {
    Map<Object, Object> once = new HashMap<>(application("spark-application.yaml"));
    once.remove("timeToLiveSeconds");
    String nightly = application("scheduled-spark-application.yaml").toString();
    assertThat(nightly.replace("--date, yesterday", "--date, 2026-11-01"))
        .hasSameSizeAs(once.toString());
    assertThat(settings(application("scheduled-spark-application.yaml"))).isEqualTo(settings(once));
  }

  private static Map<?, ?> application(String file) throws IOException {
    Map<?, ?> spec = (Map<?, ?>) read(file).get("spec");
    return spec.containsKey("template") ? (Map<?, ?>) spec.get("template") : spec;
  }

  private static Map<String, String> settings(Map<?, ?> application) {
    Map<String, String> settings = new HashMap<>();
    ((Map<?, ?>) application.get("sparkConf"))
        .forEach((name, value) -> settings.put(name.toString(), value.toString()));
    return settings;
  }

  private static Map<String, ?> read(String file) throws IOException {
    return new Yaml().load(Files.readString(HOME.resolve("jobs/schedulers").resolve(file)));
  }
}
