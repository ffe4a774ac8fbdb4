package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.launcher.JavaModuleOptions;
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
  private static final List<Process> DAEMONS = new ArrayList<>();

  @TempDir static Path cluster;
  @TempDir Path folder;

  private static String master;

  @BeforeAll
  static void startMasterAndWorker() throws Exception {
    String port = Integer.toString(freePort());
    master = "spark://localhost:" + port;
    start("master.Master", "--host", "localhost", "--port", port);
    start(
        "worker.Worker",
        "--cores",
        "4",
        "--memory",
        "4g",
        "--work-dir",
        cluster.toString(),
        master);
  }

  @AfterAll
  static void stop() throws Exception {
    for (Process daemon : DAEMONS) {
      daemon.destroy();
      daemon.waitFor();
    }
  }

  @Test
  void scoresFromALinkWithTheSettingsShippedAndShowsMetrics() throws Exception {
    int page = freePort();
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
    try (var jars = Files.find(cluster, 4, (file, facts) -> file.toString().endsWith(".jar"))) {
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
    arguments.addAll(List.of("--", "--master", master));
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
    try (var applications = Files.list(cluster)) {
      return applications
          .filter(path -> path.getFileName().toString().startsWith("app-"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }

  private static void start(String program, String... options) throws IOException {
    Path spark = HOME.resolve("target/runtime");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", spark + "/jars/*"));
    command.addAll(List.of("org.apache.spark.deploy." + program, "--webui-port", "0"));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(cluster.resolve(program + ".log").toFile());
    builder.environment().put("SPARK_HOME", spark.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    DAEMONS.add(builder.start());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
