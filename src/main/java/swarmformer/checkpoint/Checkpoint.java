package swarmformer.checkpoint;

import java.util.List;

/**
 * A checkpoint that was parsed and found whole.
 *
 * @param config the hyper-parameters
 * @param weights the weights, which fit them
 */
public record Checkpoint(SwarmFormerConfig config, Weights weights) {
  /**
   * Parses and checks the files of a model.
   *
   * @throws ModelException if they are damaged or disagree
   */
  public static Checkpoint parse(ModelFiles files) {
    SwarmFormerConfig config =
        SwarmFormerConfig.parse(files.config(), files.name() + "/config.json");
    String origin = files.name() + "/model.safetensors";
    return new Checkpoint(
        config, Weights.check(config, Safetensors.parse(files.weights(), origin), origin));
  }

  /** The configuration with {@link #classNames}. */
  public SwarmFormerConfig namedConfig() {
    return new SwarmFormerConfig(
        config.vocabSize(),
        config.dModel(),
        config.seqLen(),
        config.clusterSize(),
        config.numLayers(),
        config.localSteps(),
        classNames(),
        config.truncationSide());
  }

  /** Names of the classes: the configuration's, or the usual ones. */
  public List<String> classNames() {
    return config.classNames(weights.classes());
  }
}
