package swarmformer.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;
import swarmformer.jobs.Script;

/** The jobs on YARN, from HDFS to HDFS, with the driver here and on the cluster. */
@Tag("clusters")
class YarnIT {
  private static final Path HOME = Script.projectHome();

  private static final String INPUT = "hdfs:///reviews/reviews.csv";

  @TempDir static Path cluster;
  @TempDir Path folder;

  private static Hadoop hadoop;

  @BeforeAll
  static void startHadoop() throws Exception {
    hadoop = Hadoop.start(cluster.resolve("hadoop"));
    hadoop
        .files()
        .copyFromLocalFile(
            new org.apache.hadoop.fs.Path(HOME.resolve("samples/reviews.csv").toUri()),
            new org.apache.hadoop.fs.Path(INPUT));
  }

  @AfterAll
  static void stopHadoop() throws Exception {
    hadoop.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "cluster"})
  void runsEachJobOnce(String mode) throws Exception {
    String output = "hdfs:///" + mode + "/scores";
    succeeds(mode, "score", "--input", INPUT, "--output", output);
    assertThat(runs(output)).hasSize(1);
    assertThat(rows(output + "/run=*/predictions")).hasSize(310);

    succeeds(mode, "score", "--input", INPUT, "--output", output, "--run-id", "r");
    succeeds(mode, "score", "--input", INPUT, "--output", output, "--run-id", "r", "--overwrite");
    succeeds(mode, "evaluate", "--predictions", output, "--run-id", "r");
    assertThat(runs(output)).hasSize(2);
    assertThat(rows(output + "/run=r/predictions")).hasSize(310);

    String store = "hdfs:///" + mode + "/nights";
    List<String> night = List.of("--input", INPUT, "--store", store, "--date", "2026-11-01");
    succeeds(mode, "score-nightly", night);
    List<Row> rows = rows(store + "/predictions");
    assertThat(rows).hasSize(310);
    succeeds(mode, "score-nightly", night); // finds it done
    assertThat(rows(store + "/predictions")).containsExactlyInAnyOrderElementsOf(rows);
    List<String> overwritten = new ArrayList<>(night);
    overwritten.add("--overwrite");
    succeeds(mode, "score-nightly", overwritten);
    assertThat(rows(store + "/predictions")).hasSize(310);
    succeeds(mode, "report-trend", "--store", store);
    assertThat(exists(store + "/trend.html")).isTrue();
    succeeds(mode, "doctor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "cluster"})
  void failsOnceWithTheReason(String mode) throws Exception {
    String missing = "hdfs:///missing.csv";
    Script.Ended ended = run(mode, "score", "--input", missing, "--output", "hdfs:///none");
    Hadoop.Application application = hadoop.lastApplication();
    if (mode.equals("client")) { // the application is the cluster's part of it alone
      assertThat(ended.code()).as(ended.err()).isEqualTo(3);
      assertThat(ended.err()).contains(missing).doesNotContain("\tat ");
    } else {
      assertThat(ended.code()).as(ended.err()).isNotZero();
      assertThat(application.finalStatus()).isEqualTo("FAILED");
      assertThat(application.diagnostics()).contains(missing);
    }
    assertThat(application.attempts()).isEqualTo(1);
    assertThat(exists("hdfs:///none/run=*")).isFalse();
  }

  private void succeeds(String mode, String job, String... options) throws Exception {
    run(mode, job, options).assertDone();
    Hadoop.Application application = hadoop.lastApplication();
    assertThat(application.finalStatus()).as(application.diagnostics()).isEqualTo("SUCCEEDED");
    assertThat(application.attempts()).isEqualTo(1);
  }

  private void succeeds(String mode, String job, List<String> options) throws Exception {
    succeeds(mode, job, options.toArray(String[]::new));
  }

  private Script.Ended run(String mode, String job, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("--");
    arguments.addAll(List.of("--master", "yarn", "--deploy-mode", mode));
    arguments.addAll(List.of("--num-executors", "1", "--executor-memory", "1g"));
    for (String setting :
        List.of(
            // Spark's own jars, which would be uploaded at each start.
            "spark.yarn.jars=local:" + Engines.spark().resolve("jars") + "/*",
            "spark.driver.memory=1g",
            "spark.driver.memoryOverhead=1g",
            "spark.executor.memoryOverhead=1g",
            "spark.yarn.submit.waitAppCompletion=true",
            "spark.executorEnv.SWARMFORMER_CACHE=" + cluster.resolve("cache"),
            "spark.yarn.appMasterEnv.SWARMFORMER_CACHE=" + cluster.resolve("cache"))) {
      arguments.addAll(List.of("--conf", setting));
    }
    Engines.QUICK_START.forEach(
        (name, value) -> arguments.addAll(List.of("--conf", name + "=" + value)));
    return new Script(HOME, folder, hadoop.environment())
        .run(job, arguments.toArray(String[]::new));
  }

  private static List<String> runs(String output) throws Exception {
    FileStatus[] found =
        hadoop.files().globStatus(new org.apache.hadoop.fs.Path(output + "/run=*"));
    return Arrays.stream(found).map(run -> run.getPath().getName()).toList();
  }

  private static boolean exists(String path) throws Exception {
    FileStatus[] found = hadoop.files().globStatus(new org.apache.hadoop.fs.Path(path));
    return found != null && found.length > 0;
  }

  private static List<Row> rows(String path) throws Exception {
    String absolute = path.replace("hdfs://", hadoop.files().getUri().toString());
    return LocalSpark.session().read().parquet(absolute).collectAsList();
  }
}
