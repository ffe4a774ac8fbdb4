package swarmformer.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;
import swarmformer.jobs.RunWatcher;
import swarmformer.jobs.Script;

/** The jobs on Kubernetes, with the driver here and in a pod. */
@Tag("clusters")
class KubernetesIT {
  private static final Path HOME = Script.projectHome();

  @TempDir static Path pods;
  @TempDir Path folder;

  private static Kubernetes kubernetes;

  @BeforeAll
  static void startKubernetes() throws Exception {
    kubernetes = Kubernetes.start(pods);
  }

  @AfterAll
  static void stopKubernetes() throws Exception {
    kubernetes.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "cluster"})
  void runsAJobOnce(String mode) throws Exception {
    score(mode, "good", HOME.resolve("samples/reviews.csv")).assertDone();
    assertThat(RunWatcher.names(output())).hasSize(1);
    assertThat(LocalSpark.session().read().parquet(output() + "/run=*/predictions").count())
        .isEqualTo(310);
    if (mode.equals("cluster")) {
      assertThat(kubernetes.exitCode("good")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "cluster"})
  void failsOnceWithTheReason(String mode) throws Exception {
    Path missing = folder.resolve("missing.csv");
    Script.Ended ended = score(mode, "bad", missing);
    if (mode.equals("client")) {
      assertThat(ended.code()).as(ended.err()).isEqualTo(3);
      assertThat(ended.err()).contains(missing.toString()).doesNotContain("\tat ");
    } else {
      String said = kubernetes.output("bad");
      assertThat(kubernetes.exitCode("bad")).as(said).isEqualTo(3);
      assertThat(said).contains(missing.toString()).doesNotContain("This is a bug");
    }
    assertThat(output())
        .satisfiesAnyOf(
            path -> assertThat(path).doesNotExist(), path -> assertThat(path).isEmptyDirectory());
  }

  private Path output() {
    return folder.resolve("scores");
  }

  private Script.Ended score(String mode, String driver, Path input) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--input", input.toString(), "--output", output().toString()));
    arguments.addAll(List.of("--", "--master", kubernetes.master(), "--deploy-mode", mode));
    arguments.addAll(List.of("--num-executors", "1", "--executor-memory", "1g"));
    if (mode.equals("cluster")) {
      arguments.addAll(List.of("--conf", "spark.kubernetes.driver.pod.name=" + driver));
    }
    for (String setting :
        List.of(
            "spark.kubernetes.container.image=unused",
            "spark.kubernetes.driver.master=" + kubernetes.masterOfPods(),
            "spark.kubernetes.file.upload.path=" + folder.resolve("uploads").toUri(),
            "spark.kubernetes.submission.waitAppCompletion=true",
            "spark.kubernetes.submission.requestTimeout=120000",
            "spark.kubernetes.driver.requestTimeout=120000",
            "spark.driver.memory=1g",
            "spark.driver.host=127.0.0.1")) {
      arguments.addAll(List.of("--conf", setting));
    }
    Engines.QUICK_START.forEach(
        (name, value) -> arguments.addAll(List.of("--conf", name + "=" + value)));
    Files.createDirectories(folder.resolve("uploads"));
    return new Script(HOME, folder, Map.of("SPARK_HOME", Engines.spark().toString()))
        .run("score", arguments.toArray(String[]::new));
  }
}
