package swarmformer.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.WeightNames;
import swarmformer.checkpoint.WeightNames.Shaped;
import swarmformer.checkpoint.Weights;

/**
 * Weights to start from. Linear maps of n values are drawn uniformly within sqrt(3 / n), which
 * keeps the variance (LeCun, Bottou, Orr and Müller, <i>Efficient BackProp</i>, 1998), their biases
 * are 0, and the embedding is drawn from a normal distribution.
 *
 * <p>The network has no normalisation, and a half open gate halves a position's values in each of
 * its many steps. The gates' own bias keeps them nearly shut at first, so that the words reach the
 * classifier.
 */
final class FirstWeights {
  private static final String GATE_BIAS = "gate_net.2.bias";

  private FirstWeights() {}

  static Weights draw(SwarmFormerConfig config, int classes, Recipe.Start start, long seed) {
    Random random = new Random(seed);
    List<Weights.Weight> weights = new ArrayList<>();
    for (Shaped shaped : WeightNames.inModelOrder(config, classes)) {
      float[] values =
          new float[Math.toIntExact(shaped.shape().stream().reduce(1L, Math::multiplyExact))];
      if (weights.isEmpty()) {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (start.embeddingDeviation() * random.nextGaussian());
        }
      } else if (shaped.shape().size() > 1) {
        double bound = Math.sqrt(3.0 / shaped.shape().get(1));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
      } else if (shaped.name().endsWith(GATE_BIAS)) {
        Arrays.fill(values, (float) start.gateBias());
      }
      weights.add(new Weights.Weight(shaped.name(), shaped.shape(), values));
    }
    return new Weights(weights, classes);
  }
}
