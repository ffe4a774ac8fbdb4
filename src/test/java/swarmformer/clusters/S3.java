package swarmformer.clusters;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import swarmformer.jobs.Cluster;
import swarmformer.jobs.Script;

/** An S3 server on this machine with one bucket, which keeps its objects in a directory. */
final class S3 implements AutoCloseable {
  static final String BUCKET = "s3a://bucket";

  private static final String KEY = "test";
  private static final String SECRET = "testtest";

  private final Process process;
  private final int port;

  private S3(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one in a directory. */
  static S3 start(Path folder) throws IOException, InterruptedException {
    Path objects = Files.createDirectories(folder.resolve("objects")).toAbsolutePath();
    Path facts = Files.createDirectories(folder.resolve("facts")).toAbsolutePath();
    Files.createDirectories(objects.resolve("bucket"));
    int port = Cluster.freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
                Engines.fetch("versitygw").toString(),
                "--quiet",
                "--port",
                "127.0.0.1:" + port,
                "posix",
                "--sidecar",
                facts.toString(),
                objects.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("engine.log").toFile());
    builder.environment().put("ROOT_ACCESS_KEY", KEY);
    builder.environment().put("ROOT_SECRET_KEY", SECRET);
    S3 server = new S3(builder.start(), port);
    while (!server.answers()) {
      if (!server.process.isAlive()) {
        throw new IOException(Files.readString(folder.resolve("engine.log")));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return server;
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Where it listens, on the loopback address. */
  int port() {
    return port;
  }

  /** Settings of Spark with which jobs reach it, without those of {@code conf/s3.conf}. */
  Map<String, String> settings() throws IOException, InterruptedException {
    return settings(port);
  }

  /** The same, by way of a proxy at another port. */
  static Map<String, String> settings(int port) throws IOException, InterruptedException {
    Map<String, String> settings = new TreeMap<>();
    hadoopSettings(port).forEach((name, value) -> settings.put("spark.hadoop." + name, value));
    String jars =
        jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    settings.put("spark.driver.extraClassPath", jars);
    settings.put("spark.executor.extraClassPath", jars);
    return settings;
  }

  /** The committer made for S3, as {@code conf/standalone.conf} has it. */
  static Map<String, String> committer() throws IOException {
    String shipped = Files.readString(Script.projectHome().resolve("conf/standalone.conf"));
    Map<String, String> settings = new TreeMap<>();
    shipped
        .substring(shipped.indexOf("# Outputs on S3"))
        .lines()
        .takeWhile(line -> line.startsWith("#"))
        .filter(line -> line.startsWith("# spark."))
        .map(line -> line.split("\\s+"))
        .forEach(words -> settings.put(words[1], words[2]));
    return settings;
  }

  private static Map<String, String> hadoopSettings(int port) {
    return Map.of(
        "fs.s3a.endpoint",
        "http://127.0.0.1:" + port,
        "fs.s3a.endpoint.region",
        "us-east-1",
        "fs.s3a.path.style.access",
        "true",
        "fs.s3a.access.key",
        KEY,
        "fs.s3a.secret.key",
        SECRET);
  }

  /** Settings with which this process reaches it. */
  Configuration configuration() throws IOException, InterruptedException {
    Configuration configuration = new Configuration();
    hadoopSettings(port).forEach(configuration::set);
    URL[] jars = new URL[jars().size()];
    for (int i = 0; i < jars.length; i++) {
      jars[i] = jars().get(i).toUri().toURL();
    }
    configuration.setClassLoader(new URLClassLoader(jars, S3.class.getClassLoader()));
    return configuration;
  }

  private static List<Path> jars() throws IOException, InterruptedException {
    try (Stream<Path> jars = Files.list(Engines.fetch("s3"))) {
      return jars.sorted().toList();
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
