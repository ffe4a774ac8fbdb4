package swarmformer.training;

import ai.djl.Device;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.model.Logits;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;

/** Scores labelled texts as the jobs do. */
final class Validation {
  private static final int BATCH = 256;

  private final List<Example> texts;
  private final Device device;
  private final int microBatch;

  Validation(List<Example> texts, Device device, int microBatch) {
    this.texts = texts;
    this.device = device;
    this.microBatch = microBatch;
  }

  /**
   * What weights are worth.
   *
   * @param loss mean cross entropy with the labels
   * @param accuracy share of the texts whose most probable class is the label
   */
  record Result(double loss, double accuracy) {}

  Result of(Checkpoint checkpoint) {
    List<float[]> logits = logits(checkpoint);
    double loss = 0;
    int known = 0;
    for (int row = 0; row < logits.size(); row++) {
      int label = texts.get(row).label();
      loss -= logShares(logits.get(row))[label];
      known += Logits.greatest(logits.get(row)) == label ? 1 : 0;
    }
    return new Result(loss / texts.size(), (double) known / texts.size());
  }

  /** The most probable class of each text. */
  List<Integer> predictions(Checkpoint checkpoint) {
    return logits(checkpoint).stream().map(Logits::greatest).toList();
  }

  /** What a network says of each text: (N). */
  List<float[]> logits(Checkpoint checkpoint) {
    SwarmFormerConfig config = checkpoint.config();
    try (SwarmFormer network =
        SwarmFormer.plain(checkpoint, device, Precision.FLOAT32, microBatch)) {
      return IntStream.range(0, (texts.size() + BATCH - 1) / BATCH)
          .parallel()
          .mapToObj(batch -> batch * BATCH)
          .map(from -> texts.subList(from, Math.min(texts.size(), from + BATCH)))
          .map(
              batch ->
                  batch.stream()
                      .map(text -> text.window(config.seqLen(), config.truncationSide()))
                      .toArray(int[][]::new))
          .flatMap(ids -> Arrays.stream(logits(network, ids)))
          .toList();
    }
  }

  /**
   * Logits of rows (B, N), all of them.
   *
   * @throws RecipeException if the device has no memory for one of them
   */
  static float[][] logits(SwarmFormer network, int[][] ids) {
    float[][] rows = network.logits(ids).rows();
    if (Arrays.asList(rows).contains(null)) {
      throw RecipeException.ofMemory(network.microBatch(), null);
    }
    return rows;
  }

  /** The logarithm of each class's share. */
  static double[] logShares(float[] logits) {
    double greatest = logits[Logits.greatest(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - greatest);
    }
    double[] shares = new double[logits.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = logits[k] - greatest - Math.log(sum);
    }
    return shares;
  }
}
