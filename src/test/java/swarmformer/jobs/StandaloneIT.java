package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;

/**
 * A standalone master and a worker of the assembled Spark, with the settings for such a cluster.
 */
@Tag("long")
class StandaloneIT {
  private static final Path HOME = Script.projectHome();
  private static final Cluster.Worker WORKER = new Cluster.Worker("localhost", 4, "4g");

  @TempDir static Path folderOfCluster;
  @TempDir Path folder;

  private static Cluster cluster;

  @BeforeAll
  static void startMasterAndWorker() throws Exception {
    cluster = Cluster.start(folderOfCluster, WORKER);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @Test
  void scoresFromALinkWithTheSettingsShippedAndShowsMetrics() throws Exception {
    int page = Cluster.freePort();
    Path link = Files.createDirectories(folder.resolve("linked/jobs")).resolve("score.sh");
    Files.createSymbolicLink(link, HOME.resolve("jobs/score.sh"));
    try (DatagramSocket statsd = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Collection<String> sent = ShownMetrics.receive(statsd);
      CompletableFuture<String> shown =
          ShownMetrics.read(
              "http://localhost:" + page + "/metrics/prometheus", "metrics_swarmformer_driver_");
      String sink = "spark.metrics.conf.executor.sink.statsd.";
      Script.Ended ended =
          score(
              folder.resolve("linked"),
              "standalone",
              "spark.ui.port=" + page,
              sink + "class=org.apache.spark.metrics.sink.StatsdSink",
              sink + "period=1",
              sink + "port=" + statsd.getLocalPort());
      ended.assertDone();
      assertThat(ended.err()).doesNotContainPattern("WARN|INFO|ERROR|Exception|\\tat ");
      assertThat(ended.out()).contains("Scored 305 of 310 texts");
      assertThat(sent)
          .anyMatch(
              name ->
                  name.startsWith(
                      "swarmformer.0.plugin.swarmformer.scoring.SwarmFormerPlugin.processBytes"));
      assertThat(shown.get()).contains("metrics_swarmformer_driver_");
    }
    assertThat(executors()).containsExactly("0");
  }

  @Test
  void scoresWithNativesFromAnArchive() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "is not Linux");
    Path settings = folder.resolve("archive.conf");
    String packed = packCpuNatives().replaceFirst("(?s).*?\n", "");
    Files.writeString(settings, Files.readString(HOME.resolve("conf/standalone.conf")) + packed);
    Script.Ended ended = score(HOME, settings.toString());
    ended.assertDone();
    assertThat(ended.out()).contains("Scored 305 of 310 texts");
    try (var jars =
        Files.find(
            WORKER.work(folderOfCluster), 4, (file, facts) -> file.toString().endsWith(".jar"))) {
      Path work = newestApplication();
      assertThat(jars.filter(jar -> jar.startsWith(work)))
          .isNotEmpty()
          .noneMatch(jar -> jar.toString().contains("natives"));
      assertThat(work.resolve("0/natives/torch/lib/libtorch_cpu.so")).exists();
    }
  }

  /** The natives of this machine, packed as those for GPUs are. */
  private String packCpuNatives() throws Exception {
    Shell shell = Shell.in(folder);
    Path packages = Files.createDirectories(folder.resolve("packages/torch/lib"));
    shell.run(
        "bash",
        "-c",
        "cd %s && jar -xf %s/target/swarmformer-spark-*-natives-cpu.jar pytorch && mv pytorch/cpu/*/* ."
            .formatted(packages, HOME));
    Files.writeString(packages.resolveSibling("version.py"), "__version__ = '2.7.1+cpu'\n");
    Script.Ended ended =
        shell.run(HOME.resolve("jobs/pack-gpu-natives.sh"), "packages", folder.resolve("n.tar.gz"));
    ended.assertDone();
    return ended.out();
  }

  private Script.Ended score(Path home, String settings, String... more) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--input", HOME.resolve("samples/reviews.csv").toString()));
    arguments.addAll(List.of("--output", "out", "--run-id", "r", "--conf-file", settings));
    arguments.addAll(List.of("--", "--master", cluster.master()));
    arguments.addAll(List.of("--conf", "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1"));
    for (String setting : more) {
      arguments.addAll(List.of("--conf", setting));
    }
    return new Script(home, folder, Map.of()).score(arguments.toArray(String[]::new));
  }

  private List<String> executors() {
    String batches = folder.resolve("out/run=r/batches").toString();
    List<Row> rows = LocalSpark.session().read().parquet(batches).collectAsList();
    return rows.stream().map(row -> row.<String>getAs("executor")).distinct().toList();
  }

  private static Path newestApplication() throws IOException {
    try (var applications = Files.list(WORKER.work(folderOfCluster))) {
      return applications
          .filter(path -> path.getFileName().toString().startsWith("app-"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }
}
