package swarmformer.doctor;

import ai.djl.Device;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.model.Calibration;
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
  /** The networks of this JVM that tasks have loaded. */
  private static final Map<Key, SwarmFormer> LOADED = new HashMap<>();

  private record Key(String sha256, Device device, Precision precision) {}

  /** An engine and the network that it runs, if it can. */
  record Started(Engine engine, Optional<SwarmFormer> network) {}

  /** Loads the network as scoring does, once for each JVM, and says what came of it. */
  static synchronized Started start(ModelFiles files, String choice, Precision precision) {
    Optional<SwarmFormer> network = Optional.empty();
    String failure = "";
    try {
      TorchEngine.start(SparkEnv.get().conf().getInt("spark.task.cpus", 1));
      Key key = new Key(files.sha256(), TorchEngine.device(choice), precision);
      network = Optional.of(LOADED.computeIfAbsent(key, absent -> load(files, key)));
    } catch (DeviceException e) {
      failure = e.getMessage();
    }
    String device = network.map(loaded -> loaded.device().toString()).orElse("");
    return new Started(describe(files, device, failure), network);
  }

  private static SwarmFormer load(ModelFiles files, Key key) {
    return SwarmFormer.load(
        Checkpoint.parse(files), key.device(), key.precision(), Calibration.AUTO);
  }

  private static Engine describe(ModelFiles files, String device, String failure) {
    Optional<TorchEngine.Loaded> engine = TorchEngine.loaded();
    return new Engine(
        engine.map(e -> TorchEngine.pytorchVersion() + " " + e.flavor()).orElse(""),
        device,
        assigned(),
        engine.map(TorchEngine.Loaded::threads).orElse(0),
        engine.map(e -> e.natives().toString()).orElse(""),
        files.arrivedSha256().substring(0, Surroundings.HASH_DIGITS),
        failure);
  }

  private static List<String> assigned() {
    Map<String, ResourceInformation> resources = TaskContext.get().resourcesJMap();
    return resources.containsKey("gpu") ? List.of(resources.get("gpu").addresses()) : List.of();
  }
}
