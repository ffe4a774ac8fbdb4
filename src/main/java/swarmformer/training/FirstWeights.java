package swarmformer.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.WeightNames;
import swarmformer.checkpoint.WeightNames.Shaped;
import swarmformer.checkpoint.Weights;

/**
 * Weights to start from, as PyTorch's layers draw them: linear maps from n values uniformly within
 * 1 / sqrt(n), the embedding from a normal distribution.
 */
final class FirstWeights {
  private FirstWeights() {}

  static Weights draw(SwarmFormerConfig config, int classes, double embeddingDeviation, long seed) {
    Random random = new Random(seed);
    List<Weights.Weight> weights = new ArrayList<>();
    long inputs = 0;
    for (Shaped shaped : WeightNames.inModelOrder(config, classes)) {
      if (shaped.shape().size() > 1) {
        inputs = shaped.shape().get(1); // of the bias that follows, too
      }
      double bound = 1 / Math.sqrt((double) inputs);
      float[] values =
          new float[Math.toIntExact(shaped.shape().stream().reduce(1L, Math::multiplyExact))];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            (float)
                (weights.isEmpty()
                    ? embeddingDeviation * random.nextGaussian()
                    : bound * (2 * random.nextDouble() - 1));
      }
      weights.add(new Weights.Weight(shaped.name(), shaped.shape(), values));
    }
    return new Weights(weights, classes);
  }
}
