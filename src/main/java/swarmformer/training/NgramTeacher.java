package swarmformer.training;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import swarmformer.model.Logits;

/**
 * A linear model of tokens, pairs and triples of them and of the text's vector: logistic regression
 * on features weighted by their naive Bayes log-count ratio, and on the vector as it is.
 *
 * <p>Wang and Manning, <i>Baselines and Bigrams: Simple, Good Sentiment and Topic
 * Classification</i> (2012); fitted as by Yu, Huang and Lin, <i>Dual coordinate descent methods for
 * logistic regression and maximum entropy models</i> (2011). For more than two classes, one model
 * for each against the rest.
 */
final class NgramTeacher {
  private static final int BITS = 22;
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
  private record Model(
      Numbering known, float[] weights, float[] ofVector, double bias, PlattScaling scaling) {
    double logit(Text text) {
      double sum = bias + Vectors.dot(ofVector, text.vector);
      for (int feature : text.features) {
        sum += weight(feature);
      }
      return sum;
    }

    float weight(int feature) {
      int number = known.of(feature);
      return number < 0 ? 0 : weights[number];
    }

    double share(Text text) {
      return scaling.probability(logit(text), text.length);
    }

    Model scaled(PlattScaling other) {
      return new Model(known, weights, ofVector, bias, other);
    }
  }

  /**
   * A text as the model sees it.
   *
   * @param features from {@link #features}, of {@value #BITS} bits
   * @param vector from {@link DocumentVectors}, or of no values
   * @param length tokens; 0 where all count the same
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Text(int[] features, float[] vector, int length) {
    static Text of(int[] ids, float[] vector) {
      return new Text(NgramTeacher.features(ids, BITS), vector, ids.length);
    }

    /** Of single tokens only. */
    static Text ofTokens(int[] ids) {
      return new Text(NgramTeacher.features(ids, 1, BITS), new float[0], 0);
    }
  }

  /**
   * The features that texts have, numbered from 0: a model has no weights of others.
   *
   * @param numbers of the features from 0 on; -1 for those that no text has
   * @param count of the features that a text has
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Numbering(int[] numbers, int count) {
    static Numbering of(List<Text> texts) {
      int greatest = -1;
      for (Text text : texts) {
        for (int feature : text.features) {
          greatest = Math.max(greatest, feature);
        }
      }
      int[] numbers = new int[greatest + 1];
      Arrays.fill(numbers, -1);
      int count = 0;
      for (Text text : texts) {
        for (int feature : text.features) {
          if (numbers[feature] < 0) {
            numbers[feature] = count++;
          }
        }
      }
      return new Numbering(numbers, count);
    }

    /** The number of a feature; -1 if no text has it. */
    int of(int feature) {
      return feature < numbers.length ? numbers[feature] : -1;
    }
  }

  /**
   * Fits the model.
   *
   * @param texts with vectors of one width
   * @param known all of their features, and maybe more
   * @param labels the class of each
   */
  static NgramTeacher fit(List<Text> texts, Numbering known, int[] labels, int classes, long seed) {
    Model[] models =
        IntStream.range(classes == 2 ? 1 : 0, classes)
            .parallel()
            .mapToObj(
                of ->
                    fit(texts, known, Arrays.stream(labels).mapToObj(l -> l == of).toList(), seed))
            .toArray(Model[]::new);
    return new NgramTeacher(models);
  }

  /**
   * What makes logits of texts that the models have not learned from into shares of their classes.
   *
   * @param logits of each text, from {@link #logits}
   * @param lengths tokens of each text
   * @return one for each model
   */
  List<PlattScaling> scaling(double[][] logits, int[] lengths, int[] labels) {
    return IntStream.range(0, models.length)
        .mapToObj(
            k -> {
              boolean[] positive = new boolean[labels.length];
              for (int i = 0; i < positive.length; i++) {
                positive[i] = labels[i] == classOf(k);
              }
              double[] ofModel = Arrays.stream(logits).mapToDouble(text -> text[k]).toArray();
              return PlattScaling.fit(ofModel, lengths, positive);
            })
        .toList();
  }

  private int classOf(int model) {
    return models.length == 1 ? 1 : model;
  }

  /** The same models, each with another scaling. */
  NgramTeacher scaled(List<PlattScaling> scaling) {
    return new NgramTeacher(
        IntStream.range(0, models.length)
            .mapToObj(k -> models[k].scaled(scaling.get(k)))
            .toArray(Model[]::new));
  }

  /** What each model says, before it is scaled. */
  double[] logits(Text text) {
    return Arrays.stream(models).mapToDouble(model -> model.logit(text)).toArray();
  }

  /** The part of the models that single tokens have: (N, V). Of two classes, the first has none. */
  LinearLayer ofTokens(int vocabulary) {
    int[] feature = new int[vocabulary];
    Arrays.setAll(feature, token -> features(new int[] {token}, 1, BITS)[0]);
    return layer(vocabulary, (model, token) -> model.weight(feature[token]));
  }

  /** The part that the values of the vector have: (N, D). Of two classes, the first has none. */
  LinearLayer ofVectors() {
    return layer(models[0].ofVector.length, (model, i) -> model.ofVector[i]);
  }

  private LinearLayer layer(int inputs, ToDoubleBiFunction<Model, Integer> weight) {
    int classes = Math.max(2, models.length);
    LinearLayer layer = new LinearLayer(new float[classes][inputs], new float[classes]);
    for (int k = 0; k < models.length; k++) {
      PlattScaling scaling = models[k].scaling;
      for (int i = 0; i < inputs; i++) {
        layer.weights()[classOf(k)][i] =
            (float) (scaling.slope() * weight.applyAsDouble(models[k], i));
      }
      layer.biases()[classOf(k)] = (float) (scaling.slope() * models[k].bias + scaling.offset());
    }
    return layer;
  }

  /** Coordinate by coordinate of the dual: how much a text counts in the weights. */
  private static Model fit(List<Text> texts, Numbering known, List<Boolean> positive, long seed) {
    float[] ratio = ratios(texts, known, positive);
    double[] norms = texts.stream().mapToDouble(text -> norm(text, known, ratio)).toArray();
    double[] duals = new double[norms.length];
    float[] weights = new float[known.count];
    float[] ofVector = new float[texts.get(0).vector.length];
    double bias = 0;
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = IntStream.range(0, texts.size()).toArray();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      shuffle(order, random);
      for (int row : order) {
        Text text = texts.get(row);
        int sign = positive.get(row) ? 1 : -1;
        double sum = bias + Vectors.dot(ofVector, text.vector);
        for (int feature : text.features) {
          int number = known.of(feature);
          sum += weights[number] * ratio[number];
        }
        double dual = bestDual(sign * sum - duals[row] * norms[row], norms[row]);
        double change = sign * (dual - duals[row]);
        duals[row] = dual;
        bias += change;
        for (int feature : text.features) {
          int number = known.of(feature);
          weights[number] += (float) (change * ratio[number]);
        }
        Vectors.addScaled(text.vector, (float) change, ofVector);
      }
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= ratio[i];
    }
    return new Model(known, weights, ofVector, bias, PlattScaling.NONE);
  }

  /** The squared length of a text's features, the bias among them. */
  private static double norm(Text text, Numbering known, float[] ratio) {
    double sum = 1 + Vectors.dot(text.vector, text.vector);
    for (int feature : text.features) {
      float its = ratio[known.of(feature)];
      sum += its * its;
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
  private static float[] ratios(List<Text> texts, Numbering known, List<Boolean> positive) {
    float[] in = new float[known.count];
    float[] out = new float[known.count];
    Arrays.fill(in, (float) SMOOTHING);
    Arrays.fill(out, (float) SMOOTHING);
    for (int row = 0; row < texts.size(); row++) {
      float[] counts = positive.get(row) ? in : out;
      for (int feature : texts.get(row).features) {
        counts[known.of(feature)]++;
      }
    }
    long ofClass = positive.stream().filter(p -> p).count();
    double all = Math.log((double) Math.max(1, ofClass) / Math.max(1, positive.size() - ofClass));
    for (int i = 0; i < in.length; i++) {
      in[i] = (float) ((in[i] == out[i] ? 0 : Math.log(in[i] / out[i])) - all); // often so
    }
    return in;
  }

  static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
  }

  /** Numbers of the different runs of one, two and three tokens of a text, hashed to some bits. */
  static int[] features(int[] tokens, int bits) {
    return features(tokens, LONGEST, bits);
  }

  private static int[] features(int[] tokens, int longest, int bits) {
    int[] found = new int[tokens.length * longest];
    int count = 0;
    for (int from = 0; from < tokens.length; from++) {
      long hash = 0;
      for (int to = from; to < Math.min(tokens.length, from + longest); to++) {
        hash = (hash + tokens[to] + 1) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
        found[count++] = (int) (hash >>> 7 & ((1 << bits) - 1));
      }
    }
    return Arrays.stream(found, 0, count).distinct().toArray();
  }

  /** The class of the greatest share. */
  int guess(Text text) {
    return Logits.greatest(shares(text));
  }

  /** The share of each class. */
  float[] shares(Text text) {
    if (models.length == 1) {
      double positive = models[0].share(text);
      return new float[] {(float) (1 - positive), (float) positive};
    }
    double[] shares = Arrays.stream(models).mapToDouble(m -> m.share(text)).toArray();
    double sum = Arrays.stream(shares).sum();
    float[] result = new float[shares.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) (shares[i] / sum);
    }
    return result;
  }
}
