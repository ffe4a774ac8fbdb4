package swarmformer.doctor;

import ai.djl.Device;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.model.DeviceException;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;
import swarmformer.model.TorchEngine;

/**
 * The engine of an executor as a task finds it.
 *
 * @param pytorch version and flavor; empty if it cannot be loaded
 * @param device where the network runs; empty if it runs nowhere
 * @param gpus addresses that Spark gave to the task
 * @param threads of each task, as the engine has them
 * @param natives folder of the libraries that were unpacked
 * @param model first digits of the SHA-256 of the weights, as they arrived
 * @param failure why the device cannot be used; empty if it can
 */
public record Engine(
    String pytorch,
    String device,
    List<String> gpus,
    int threads,
    String natives,
    String model,
    String failure)
    implements Serializable {
  /** The network of this JVM, once a task has loaded it. */
  private static Optional<SwarmFormer> loaded = Optional.empty();

  /** Loads the network as scoring does, once for each JVM, and says what came of it. */
  static synchronized Engine start(ModelFiles files, String choice, Precision precision) {
    String failure = "";
    String device = "";
    try {
      TorchEngine.start(SparkEnv.get().conf().getInt("spark.task.cpus", 1));
      Device found = TorchEngine.device(choice);
      if (loaded.isEmpty()) {
        loaded = Optional.of(SwarmFormer.load(Checkpoint.parse(files), found, precision));
      }
      device = found.toString();
    } catch (DeviceException e) {
      failure = e.getMessage();
    }
    Optional<TorchEngine.Loaded> engine = TorchEngine.loaded();
    return new Engine(
        engine.map(e -> TorchEngine.pytorchVersion() + " " + e.flavor()).orElse(""),
        device,
        assigned(),
        engine.map(TorchEngine.Loaded::threads).orElse(0),
        engine.map(e -> e.natives().toString()).orElse(""),
        sha256(files.weights()),
        failure);
  }

  /** The network that {@link #start} loaded, if it could. */
  static synchronized Optional<SwarmFormer> network() {
    return loaded;
  }

  private static List<String> assigned() {
    Map<String, ResourceInformation> resources = TaskContext.get().resourcesJMap();
    return resources.containsKey("gpu") ? List.of(resources.get("gpu").addresses()) : List.of();
  }

  private static String sha256(byte[] weights) {
    try {
      return Surroundings.sha256(new ByteArrayInputStream(weights));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
