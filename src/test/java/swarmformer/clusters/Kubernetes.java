package swarmformer.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An API server of Kubernetes whose pods are processes of this machine. */
final class Kubernetes implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EngineProgram process;
  private final String address;

  private Kubernetes(EngineProgram process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Starts one in a folder, which gets a folder for each pod. */
  static Kubernetes start(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    String port = Integer.toString(S3.freePort());
    String spark = Engines.spark().toString();
    return new Kubernetes(
        EngineProgram.start("kubernetes", "ApiServer", folder, folder.toString(), port, spark),
        "http://127.0.0.1:" + port);
  }

  /** The value of {@code spark.master}. */
  String master() {
    return "k8s://" + address;
  }

  /** Exit codes of the drivers whose pods are there and have ended, in any order. */
  List<Integer> exitCodesOfDrivers() throws IOException {
    URI pods =
        URI.create(address + "/api/v1/namespaces/default/pods?labelSelector=spark-role%3Ddriver");
    List<Integer> codes = new ArrayList<>();
    try (InputStream answer = pods.toURL().openStream()) {
      for (JsonNode pod : JSON.readTree(answer).get("items")) {
        codes.add(pod.at("/status/containerStatuses/0/state/terminated/exitCode").asInt(-1));
      }
    }
    return codes;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.close();
  }
}
