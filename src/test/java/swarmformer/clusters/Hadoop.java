package swarmformer.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** HDFS and YARN, and what their users need to know. */
final class Hadoop implements AutoCloseable {
  /** What became of an application. */
  record Application(String name, String finalStatus, int attempts, String diagnostics) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private final EngineProgram process;
  private final Path conf;

  private Hadoop(EngineProgram process, Path conf) {
    this.process = process;
    this.conf = conf;
  }

  /** Starts them in a directory. */
  static Hadoop start(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    return new Hadoop(
        EngineProgram.start("hadoop", "HadoopCluster", folder, folder.toString()),
        folder.resolve("conf"));
  }

  /** The environment in which scripts and {@code spark-submit} find them. */
  Map<String, String> environment() throws IOException, InterruptedException {
    Map<String, String> environment = new TreeMap<>();
    environment.put("HADOOP_CONF_DIR", conf.toString());
    environment.put("SPARK_HOME", Engines.spark().toString());
    return environment;
  }

  /** The settings of their clients. */
  Configuration settings() {
    Configuration settings = new Configuration();
    for (String file : new String[] {"core-site.xml", "hdfs-site.xml", "yarn-site.xml"}) {
      settings.addResource(new org.apache.hadoop.fs.Path(conf.resolve(file).toUri()));
    }
    return settings;
  }

  /** HDFS. */
  FileSystem files() throws IOException {
    return FileSystem.get(settings());
  }

  /** The application that started last. It has ended, which YARN may hear after its client. */
  Application lastApplication() throws IOException, InterruptedException {
    JsonNode last = started();
    for (int i = 0; i < 300 && last.get("finalStatus").asText().equals("UNDEFINED"); i++) {
      Thread.sleep(100);
      last = started();
    }
    JsonNode attempts = ask("/apps/" + last.get("id").asText() + "/appattempts");
    return new Application(
        last.get("name").asText(),
        last.get("finalStatus").asText(),
        attempts.at("/appAttempts/appAttempt").size(),
        last.get("diagnostics").asText());
  }

  private JsonNode started() throws IOException {
    return StreamSupport.stream(ask("/apps").at("/apps/app").spliterator(), false)
        .max((a, b) -> Long.compare(a.get("startedTime").asLong(), b.get("startedTime").asLong()))
        .orElseThrow();
  }

  private JsonNode ask(String path) throws IOException {
    String address = settings().get("yarn.resourcemanager.webapp.address");
    URI place = URI.create("http://" + address + "/ws/v1/cluster" + path);
    try (InputStream answer = place.toURL().openStream()) {
      return JSON.readTree(answer);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.close();
  }
}
