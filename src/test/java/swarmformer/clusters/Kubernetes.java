package swarmformer.clusters;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import swarmformer.jobs.Cluster;

/** An API server of Kubernetes whose pods are processes of this machine. */
final class Kubernetes implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EngineProgram process;
  private final Path folder;
  private final String address;

  private Kubernetes(EngineProgram process, Path folder, String address) {
    this.process = process;
    this.folder = folder;
    this.address = address;
  }

  /** Starts one in a directory, which gets a directory for each pod. */
  static Kubernetes start(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    String port = Integer.toString(Cluster.freePort());
    String spark = Engines.spark().toString();
    return new Kubernetes(
        EngineProgram.start("kubernetes", "ApiServer", folder, folder.toString(), port, spark),
        folder,
        "http://127.0.0.1:" + port);
  }

  /** The value of {@code spark.master}. */
  String master() {
    return "k8s://" + address;
  }

  /** Where a driver that runs in a pod finds the API server, which no name server here knows. */
  String masterOfPods() {
    return address;
  }

  /** The exit code of a pod that has ended. */
  int exitCode(String pod) throws IOException {
    URI place = URI.create(address + "/api/v1/namespaces/default/pods/" + pod);
    try (InputStream answer = place.toURL().openStream()) {
      return JSON.readTree(answer)
          .at("/status/containerStatuses/0/state/terminated/exitCode")
          .asInt(-1);
    }
  }

  /** What a pod has written to its standard output and error. */
  String output(String pod) throws IOException {
    Path place = folder.resolve(pod);
    return Files.readString(place.resolve("out")) + Files.readString(place.resolve("err"));
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.close();
  }
}
