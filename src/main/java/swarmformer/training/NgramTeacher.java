package swarmformer.training;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A linear model of tokens, pairs and triples of them: logistic regression on features weighted by
 * their naive Bayes log-count ratio.
 *
 * <p>Wang and Manning, <i>Baselines and Bigrams: Simple, Good Sentiment and Topic
 * Classification</i> (2012); fitted as by Yu, Huang and Lin, <i>Dual coordinate descent methods for
 * logistic regression and maximum entropy models</i> (2011). For more than two classes, one model
 * for each against the rest.
 */
final class NgramTeacher {
  private static final int BUCKETS = 1 << 22;
  private static final int LONGEST = 3;
  private static final double SMOOTHING = 1;
  private static final int EPOCHS = 12;
  private static final int BISECTIONS = 30;

  /** Weight of a text's loss beside half the squared length of the weights. */
  static final double COST = 0.1;

  /** For each class its model; of two classes only that of the second. */
  private final Model[] models;

  private NgramTeacher(Model[] models) {
    this.models = models;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Model(float[] weights, double bias) {
    double share(int[] features) {
      double sum = bias;
      for (int feature : features) {
        sum += weights[feature];
      }
      return 1 / (1 + Math.exp(-sum));
    }
  }

  /**
   * Fits the model.
   *
   * @param features of each text, from {@link #features}
   * @param labels the class of each
   */
  static NgramTeacher fit(List<int[]> features, int[] labels, int classes, long seed) {
    Model[] models =
        IntStream.range(classes == 2 ? 1 : 0, classes)
            .parallel()
            .mapToObj(
                of -> fit(features, Arrays.stream(labels).mapToObj(l -> l == of).toList(), seed))
            .toArray(Model[]::new);
    return new NgramTeacher(models);
  }

  /** Coordinate by coordinate of the dual: how much a text counts in the weights. */
  private static Model fit(List<int[]> features, List<Boolean> positive, long seed) {
    float[] ratio = ratios(features, positive);
    double[] norms = features.stream().mapToDouble(text -> norm(text, ratio)).toArray();
    double[] duals = new double[norms.length];
    float[] weights = new float[BUCKETS];
    double bias = 0;
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = IntStream.range(0, features.size()).toArray();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      shuffle(order, random);
      for (int row : order) {
        int[] text = features.get(row);
        int sign = positive.get(row) ? 1 : -1;
        double sum = bias;
        for (int feature : text) {
          sum += weights[feature] * ratio[feature];
        }
        double dual = bestDual(sign * sum - duals[row] * norms[row], norms[row]);
        double change = sign * (dual - duals[row]);
        duals[row] = dual;
        bias += change;
        for (int feature : text) {
          weights[feature] += (float) (change * ratio[feature]);
        }
      }
    }
    for (int i = 0; i < BUCKETS; i++) {
      weights[i] *= ratio[i];
    }
    return new Model(weights, bias);
  }

  /** The squared length of a text's features, the bias among them. */
  private static double norm(int[] text, float[] ratio) {
    double sum = 1;
    for (int feature : text) {
      sum += ratio[feature] * ratio[feature];
    }
    return sum;
  }

  /** Where margin + dual norm + log(dual / (COST - dual)) is 0, which rises with the dual. */
  private static double bestDual(double margin, double norm) {
    double from = 0;
    double to = COST;
    for (int i = 0; i < BISECTIONS; i++) {
      double dual = (from + to) / 2;
      if (margin + dual * norm + Math.log(dual / (COST - dual)) < 0) {
        from = dual;
      } else {
        to = dual;
      }
    }
    return (from + to) / 2;
  }

  /** The logarithm of how much likelier a feature is in positive texts than in others. */
  private static float[] ratios(List<int[]> features, List<Boolean> positive) {
    float[] in = new float[BUCKETS];
    float[] out = new float[BUCKETS];
    Arrays.fill(in, (float) SMOOTHING);
    Arrays.fill(out, (float) SMOOTHING);
    for (int row = 0; row < features.size(); row++) {
      float[] counts = positive.get(row) ? in : out;
      for (int feature : features.get(row)) {
        counts[feature]++;
      }
    }
    long texts = positive.stream().filter(p -> p).count();
    double all = Math.log((double) Math.max(1, texts) / Math.max(1, positive.size() - texts));
    for (int i = 0; i < BUCKETS; i++) {
      in[i] = (float) (Math.log(in[i] / out[i]) - all);
    }
    return in;
  }

  private static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
  }

  /** Numbers of the different runs of one, two and three tokens of a text, hashed. */
  static int[] features(int[] tokens) {
    int[] found = new int[tokens.length * LONGEST];
    int count = 0;
    for (int from = 0; from < tokens.length; from++) {
      long hash = 0;
      for (int to = from; to < Math.min(tokens.length, from + LONGEST); to++) {
        hash = (hash + tokens[to] + 1) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
        found[count++] = (int) (hash >>> 7 & (BUCKETS - 1));
      }
    }
    return Arrays.stream(found, 0, count).distinct().toArray();
  }

  /** The share of each class, for the ids of a text. */
  float[] sharesOf(int[] tokens) {
    return shares(features(tokens));
  }

  /** The share of each class. */
  float[] shares(int[] features) {
    if (models.length == 1) {
      double positive = models[0].share(features);
      return new float[] {(float) (1 - positive), (float) positive};
    }
    double[] shares = Arrays.stream(models).mapToDouble(m -> m.share(features)).toArray();
    double sum = Arrays.stream(shares).sum();
    float[] result = new float[shares.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) (shares[i] / sum);
    }
    return result;
  }
}
