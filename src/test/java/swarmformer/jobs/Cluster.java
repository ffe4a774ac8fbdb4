package swarmformer.jobs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A standalone master and its workers, in processes of their own, of the Spark that the build has
 * assembled.
 *
 * @param master its address
 */
public record Cluster(String master, List<Process> processes) implements AutoCloseable {
  /** A worker: the name by which it is known, and what it lends. */
  public record Worker(String host, int cores, String memory) {
    /** Where its applications work, in the directory of the cluster. */
    Path work(Path folder) {
      return folder.resolve("worker-" + host);
    }
  }

  /**
   * Starts one of two workers: Spark starts no second attempt of a task on the host of the first.
   */
  public static Cluster start(Path folder) throws IOException {
    return start(folder, new Worker("localhost", 1, "1g"), new Worker("127.0.0.1", 1, "1g"));
  }

  /**
   * Starts one.
   *
   * @param folder where it works, and which its command lines name
   */
  public static Cluster start(Path folder, Worker... workers) throws IOException {
    String port = Integer.toString(freePort());
    String address = "spark://localhost:" + port;
    List<Process> processes = new ArrayList<>();
    processes.add(start(folder, "master.Master", "--host", "localhost", "--port", port));
    for (Worker worker : workers) {
      processes.add(
          start(
              folder,
              "worker.Worker",
              "--host",
              worker.host(),
              "--cores",
              Integer.toString(worker.cores()),
              "--memory",
              worker.memory(),
              "--work-dir",
              worker.work(folder).toString(),
              address));
    }
    return new Cluster(address, processes);
  }

  private static Process start(Path folder, String program, String... arguments)
      throws IOException {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("org.apache.spark.deploy." + program, "--webui-port", "0"));
    words.addAll(List.of(arguments));
    return JavaProcess.ofSpark(
            folder.resolve(program + ".log"),
            List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dtrial=" + folder),
            JavaProcess.sparkHome().resolve("jars") + "/*",
            words.toArray(String[]::new))
        .start();
  }

  /** A port of the loopback address on which nothing listens. */
  public static int freePort() throws IOException {
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
