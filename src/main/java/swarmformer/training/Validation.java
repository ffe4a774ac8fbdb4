package swarmformer.training;

import ai.djl.Device;
import java.util.List;
import java.util.stream.IntStream;
import swarmformer.checkpoint.Checkpoint;
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
    int length = checkpoint.config().seqLen();
    try (SwarmFormer network =
        SwarmFormer.load(checkpoint, device, Precision.FLOAT32, microBatch)) {
      List<double[]> sums =
          IntStream.range(0, (texts.size() + BATCH - 1) / BATCH)
              .parallel()
              .mapToObj(
                  batch ->
                      sums(
                          network,
                          length,
                          texts.subList(
                              batch * BATCH, Math.min(texts.size(), (batch + 1) * BATCH))))
              .toList();
      return new Result(
          sums.stream().mapToDouble(sum -> sum[0]).sum() / texts.size(),
          sums.stream().mapToDouble(sum -> sum[1]).sum() / texts.size());
    }
  }

  /** Sum of the losses, and texts that were known. */
  private static double[] sums(SwarmFormer network, int length, List<Example> batch) {
    int[][] ids = batch.stream().map(text -> text.window(length, 0)).toArray(int[][]::new);
    float[][] logits = network.logits(ids).rows();
    double loss = 0;
    int known = 0;
    for (int row = 0; row < logits.length; row++) {
      int label = batch.get(row).label();
      loss -= logOfShare(logits[row], label);
      known += greatest(logits[row]) == label ? 1 : 0;
    }
    return new double[] {loss, known};
  }

  private static double logOfShare(float[] logits, int label) {
    double greatest = logits[greatest(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - greatest);
    }
    return logits[label] - greatest - Math.log(sum);
  }

  /** The first of the classes with the greatest logit. */
  static int greatest(float[] logits) {
    int greatest = 0;
    for (int i = 1; i < logits.length; i++) {
      greatest = logits[i] > logits[greatest] ? i : greatest;
    }
    return greatest;
  }
}
