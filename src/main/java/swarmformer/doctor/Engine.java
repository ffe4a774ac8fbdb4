package swarmformer.doctor;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.errors.DeviceException;
import swarmformer.model.SwarmFormer;
import swarmformer.model.TorchEngine;
import swarmformer.scoring.ExecutorState;
import swarmformer.scoring.ScoringSettings;

/**
 * The engine of an executor as a task finds it.
 *
 * @param pytorch version and flavor; empty if it cannot be loaded
 * @param device where the network runs; empty if it runs nowhere
 * @param gpus addresses that Spark gave to the task
 * @param threads of each task, as the engine has them
 * @param natives directory of the libraries that were unpacked
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
  /** An engine and the network that it runs, if it can. */
  record Started(Engine engine, Optional<SwarmFormer> network) {}

  /** Loads the network as scoring does, onto the device of this task, and says what came of it. */
  static Started start(ModelFiles files, ScoringSettings settings) {
    Optional<SwarmFormer> network = Optional.empty();
    String failure = "";
    try {
      network = Optional.of(ExecutorState.ofJvm().place(files, settings).model().network());
    } catch (DeviceException e) {
      failure = e.getMessage();
    }
    String device = network.map(loaded -> loaded.device().toString()).orElse("");
    return new Started(describe(files, device, failure), network);
  }

  private static Engine describe(ModelFiles files, String device, String failure) {
    Optional<TorchEngine.Loaded> engine = TorchEngine.loaded();
    return new Engine(
        engine.map(e -> e.version() + " " + e.flavor()).orElse(""),
        device,
        assigned(),
        engine.map(TorchEngine.Loaded::threads).orElse(0),
        engine.map(e -> e.natives().toString()).orElse(""),
        files.arrivedSha256().substring(0, Environment.HASH_DIGITS),
        failure);
  }

  private static List<String> assigned() {
    Map<String, ResourceInformation> resources = TaskContext.get().resourcesJMap();
    return resources.containsKey("gpu") ? List.of(resources.get("gpu").addresses()) : List.of();
  }
}
