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

  /** Of a direction, as a share of the width: less is rounding. */
  private static final double SMALLEST_SQUARE = 1e-6;

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

  /**
   * Lets a network begin as a linear model of tokens: what a token says for a class is added to its
   * vector along a direction of that class, drawn at random, which the classifier reads. Directions
   * are orthogonal as far as the width has room, so that no class reads what is said for another.
   */
  static void add(
      LinearLayer model, Weights weights, SwarmFormerConfig config, Recipe.Start start, long seed) {
    float[] embedding = weights.tensors().get(0).values();
    float[] classifier = weights.tensors().get(weights.tensors().size() - 2).values();
    float[] biases = weights.tensors().get(weights.tensors().size() - 1).values();
    double open = 1 / (1 + Math.exp(-start.gateBias()));
    double kept = Math.pow(1 - open, config.numLayers() * config.localSteps());
    int width = config.dModel();
    Random random = new Random(seed);
    List<float[]> directions = new ArrayList<>();
    Arrays.fill(classifier, 0);
    System.arraycopy(model.biases(), 0, biases, 0, biases.length);
    for (int k = 0; k < biases.length; k++) {
      float[] ofTokens = model.weights()[k];
      double scale = start.embeddingDeviation() / deviation(ofTokens);
      if (!Double.isFinite(scale)) {
        continue; // no token says anything for the class
      }
      // The network gives the mean over its positions of what the gates have left of the vectors.
      double reading = config.seqLen() / (width * scale * kept);
      float[] direction = direction(directions, width, random);
      directions.add(direction);
      for (int i = 0; i < width; i++) {
        classifier[k * width + i] = (float) (direction[i] * reading);
      }
      for (int token = 0; token < ofTokens.length; token++) {
        float[] vector = Arrays.copyOfRange(embedding, token * width, (token + 1) * width);
        double along =
            Vectors.dot(vector, direction) / width; // the word's vector would be read, too
        Vectors.addScaled(direction, (float) (scale * ofTokens[token] - along), vector);
        System.arraycopy(vector, 0, embedding, token * width, width);
      }
    }
  }

  /**
   * A direction of length sqrt(width): values of 1 and -1, less what they have in common with the
   * others (Gram and Schmidt) where these leave room.
   */
  private static float[] direction(List<float[]> others, int width, Random random) {
    double[] drawn = new double[width];
    double square = 0;
    while (square < SMALLEST_SQUARE * width) { // few values may have nothing else
      Arrays.setAll(drawn, i -> random.nextBoolean() ? 1 : -1);
      if (others.size() < width) {
        others.forEach(other -> removeAlong(other, drawn));
      }
      square = Arrays.stream(drawn).map(value -> value * value).sum();
    }
    float[] direction = new float[width];
    for (int i = 0; i < width; i++) {
      direction[i] = (float) (drawn[i] * Math.sqrt(width / square));
    }
    return direction;
  }

  private static void removeAlong(float[] direction, double[] from) {
    double along = 0;
    for (int i = 0; i < from.length; i++) {
      along += from[i] * direction[i] / from.length;
    }
    for (int i = 0; i < from.length; i++) {
      from[i] -= along * direction[i];
    }
  }

  /** Of those that are not 0. */
  private static double deviation(float[] values) {
    double squares = 0;
    int count = 0;
    for (float value : values) {
      squares += value * value;
      count += value == 0 ? 0 : 1;
    }
    return Math.sqrt(squares / count);
  }
}
