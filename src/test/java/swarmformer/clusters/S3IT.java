package swarmformer.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.jobs.Cluster;
import swarmformer.jobs.Script;

/** The jobs on an S3 server, with the settings for it in {@code conf/}. */
@Tag("clusters")
class S3IT {
  private static final Path HOME = Script.projectHome();
  private static final String NIGHT = "2026-11-01";
  private static final String DELTA = "io.delta:delta-spark_4.1_2.13:4.4.0";

  /** Of the requests so many are refused, as many lose their answer, and as many are late. */
  private static final String PERCENT = "3";

  @TempDir static Path server;
  @TempDir Path folder;

  private static S3 s3;

  @BeforeAll
  static void startServer() throws Exception {
    s3 = S3.start(server);
  }

  @AfterAll
  static void stopServer() throws Exception {
    s3.close();
  }

  @Test
  void holdsRunsEvaluationsAndNights() throws Exception {
    String input = S3.BUCKET + "/reviews.csv";
    FileSystem bucket = new org.apache.hadoop.fs.Path(input).getFileSystem(s3.configuration());
    bucket.copyFromLocalFile(
        new org.apache.hadoop.fs.Path(HOME.resolve("samples/reviews.csv").toUri()),
        new org.apache.hadoop.fs.Path(input));
    String output = S3.BUCKET + "/scores";
    succeeds(s3.settings(), "score", "--input", input, "--output", output, "--run-id", "r");
    assertThat(predictions(output)).isEqualTo(310);
    assertThat(committer(output)).isEqualTo("magic");
    succeeds(
        s3.settings(),
        "score",
        "--input",
        input,
        "--output",
        output,
        "--run-id",
        "r",
        "--overwrite");
    assertThat(predictions(output)).isEqualTo(310);
    succeeds(s3.settings(), "evaluate", "--predictions", output, "--run-id", "r");

    String store = S3.BUCKET + "/nights";
    String[] night = {
      "--input", input, "--store", store, "--store-format", "delta", "--date", NIGHT
    };
    Map<String, String> delta = new TreeMap<>(s3.settings());
    delta.put("spark.jars.packages", DELTA); // as --packages
    succeeds(delta, "score-nightly", night);
    assertThat(succeeds(delta, "score-nightly", night))
        .contains("is in the store already: 310 rows");
    succeeds(delta, "report-trend", "--store", store, "--store-format", "delta");
    assertThat(bucket.exists(new org.apache.hadoop.fs.Path(store + "/trend.html"))).isTrue();
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Script.Ended ended =
        run(
            s3.settings(),
            "score",
            "--input",
            S3.BUCKET + "/missing.csv",
            "--output",
            S3.BUCKET + "/none");
    assertThat(ended.code()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err()).contains(S3.BUCKET + "/missing.csv").doesNotContain("\tat ");
  }

  @Test
  void losesNothingToAServerThatFails() throws Exception {
    int port = Cluster.freePort();
    String output = S3.BUCKET + "/faulty";
    try (EngineProgram proxy =
        EngineProgram.start(
            "proxy",
            "FaultyProxy",
            folder,
            Integer.toString(port),
            Integer.toString(s3.port()),
            PERCENT,
            Long.toString(Long.getLong("swarmformer.seed", 20_261_101L)))) {
      String input = HOME.resolve("samples/reviews.csv").toString();
      succeeds(S3.settings(port), "score", "--input", input, "--output", output, "--run-id", "r");
    }
    assertThat(predictions(output)).isEqualTo(310);
  }

  private String succeeds(Map<String, String> settings, String job, String... options)
      throws Exception {
    Script.Ended ended = run(settings, job, options);
    ended.assertDone();
    return ended.out();
  }

  private Script.Ended run(Map<String, String> settings, String job, String... options)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--conf-file", settingsFile(settings).toString()));
    return new Script(HOME, folder, Map.of("SPARK_HOME", Engines.spark().toString()))
        .run(job, arguments.toArray(String[]::new));
  }

  /** One machine with the lines that {@code conf/standalone.conf} has for S3. */
  private Path settingsFile(Map<String, String> settings) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.addAll(Files.readAllLines(HOME.resolve("conf/spark-defaults.conf")));
    S3.committer().forEach((name, value) -> lines.add(name + " " + value));
    Engines.QUICK_START.forEach((name, value) -> lines.add(name + " " + value));
    settings.forEach((name, value) -> lines.add(name + " " + value));
    return Files.write(folder.resolve("s3.conf"), lines);
  }

  /** Which committer wrote a run, as S3A's committers say in their _SUCCESS. */
  private String committer(String output) throws Exception {
    String json = Files.readString(copy(output).resolve("_SUCCESS"));
    return json.replaceAll("(?s).*\"committer\":\"(\\w+)\".*", "$1");
  }

  /** How many predictions the run r has. */
  private long predictions(String output) throws Exception {
    return LocalSpark.session().read().parquet(copy(output).toString()).count();
  }

  private Path copy(String output) throws Exception {
    org.apache.hadoop.fs.Path runs = new org.apache.hadoop.fs.Path(output);
    return RunReader.copyPredictions(s3.configuration(), runs, "r", folder).resolve("predictions");
  }
}
