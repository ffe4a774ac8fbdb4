package swarmformer.faults;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import swarmformer.jobs.Script;

/**
 * A standalone master and two workers of one core each, in processes of their own, of the Spark
 * that the build has assembled.
 *
 * @param master its address
 */
record Cluster(String master, List<Process> processes) implements AutoCloseable {
  /** Spark starts no second attempt of a task on the host of the first. */
  private static final List<String> HOSTS = List.of("localhost", "127.0.0.1");

  /**
   * Starts one.
   *
   * @param folder where it works, and which its command lines name
   */
  static Cluster start(Path folder) throws IOException {
    String port = Integer.toString(freePort());
    String address = "spark://localhost:" + port;
    List<Process> processes = new ArrayList<>();
    processes.add(start(folder, "master.Master", "--host", "localhost", "--port", port));
    for (String host : HOSTS) {
      String work = folder.resolve("worker-" + host).toString();
      String[] options = {"--host", host, "--cores", "1", "--memory", "1g", "--work-dir", work};
      processes.add(
          start(
              folder,
              "worker.Worker",
              Stream.concat(Stream.of(options), Stream.of(address)).toArray(String[]::new)));
    }
    return new Cluster(address, processes);
  }

  private static Process start(Path folder, String program, String... options) throws IOException {
    Path spark = Script.projectHome().resolve("target/runtime");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Dtrial=" + folder);
    command.addAll(
        List.of("-cp", spark.resolve("jars") + "/*", "org.apache.spark.deploy." + program));
    command.addAll(List.of("--webui-port", "0"));
    command.addAll(List.of(options));
    File log = folder.resolve(program + ".log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().put("SPARK_HOME", spark.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    return builder.start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : processes) {
      process.destroy();
      process.waitFor();
    }
  }
}
