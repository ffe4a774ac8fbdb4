package swarmformer.checkpoint;

import java.util.List;

/**
 * Weights that fit their configuration.
 *
 * @param tensors every tensor of {@link WeightNames#inModelOrder}, in that order
 * @param classes number of classes, at least 2
 */
public record Weights(List<Weight> tensors, int classes) {
  /** Keeps a copy of the list, not of the values. */
  public Weights {
    tensors = List.copyOf(tensors);
  }

  /**
   * One tensor. Two are equal only if they share their values.
   *
   * @param name its name in the file
   * @param shape its dimensions, outermost first
   * @param values its values in row-major order, shared with the caller
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // millions of values, which go to the engine as they are
  public record Weight(String name, List<Long> shape, float[] values) {
    /** Keeps a copy of the shape, not of the values. */
    public Weight {
      shape = List.copyOf(shape);
    }
  }

  /**
   * The weights of a file, if it holds exactly the tensors that the configuration asks for. The
   * number of classes is the file's.
   *
   * @param origin where the file comes from, for messages
   * @throws ModelException that lists every tensor which is missing, extra or misshapen
   */
  public static Weights check(SwarmFormerConfig config, Safetensors file, String origin) {
    int classes = new WeightCheck(config, file.tensors()).classes(origin);
    List<Weight> weights =
        WeightNames.inModelOrder(config, classes).stream()
            .map(expected -> file.tensors().get(expected.name()))
            .map(tensor -> new Weight(tensor.name(), tensor.shape(), tensor.toFloats()))
            .toList();
    return new Weights(weights, classes);
  }

  /** Number of single weights. */
  public long parameters() {
    return tensors.stream().mapToLong(weight -> weight.values().length).sum();
  }
}
