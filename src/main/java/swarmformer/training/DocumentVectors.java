package swarmformer.training;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Vectors of texts that are alike where the texts have like features, which are tokens, pairs and
 * triples of them: a text's vector guesses each of its features by the cosine with the feature's
 * vector, against features drawn at random.
 *
 * <p>Thongtan and Phienthrakul, <i>Sentiment Classification Using Document Embeddings Trained with
 * Cosine Similarity</i> (2019), after Le and Mikolov, <i>Distributed Representations of Sentences
 * and Documents</i> (2014). One thread, so that a seed gives the same vectors.
 */
final class DocumentVectors {
  private static final int WIDTH = 64;

  /** Of a feature's number: enough that rare ones seldom share a number and seem frequent. */
  private static final int BITS = 26;

  private static final int NEGATIVE = 5;
  private static final int RAREST = 5;
  private static final double RATE = 0.002;

  /** The cosine is multiplied by it before it is a logit. */
  private static final float SHARPNESS = 6;

  /**
   * Features drawn at random, as often as they occur, serve this many texts, so that their vectors
   * stay in the processor's cache.
   */
  private static final int DRAWS = 8_192;

  private static final int TEXTS_OF_DRAWS = 64;

  /** Values of a vector that come from memory together. */
  private static final int CACHE_LINE = 16;

  private final SplittableRandom random;
  private final int[][] texts;
  private final float[][] ofTexts;
  private final float[][] ofFeatures;
  private final int[] draws = new int[DRAWS];
  private final float[][] guessed = new float[1 + NEGATIVE][];
  private final float[] change = new float[WIDTH];

  private DocumentVectors(List<int[]> ids, long seed) {
    this.random = new SplittableRandom(seed);
    this.texts = frequent(ids);
    int known = 1 + Arrays.stream(texts).flatMapToInt(Arrays::stream).max().orElse(-1);
    this.ofTexts = new float[texts.length][];
    this.ofFeatures = new float[known][];
    Arrays.setAll(ofTexts, i -> drawn());
    Arrays.setAll(ofFeatures, i -> drawn());
  }

  /** For each text its features that occur in several texts, numbered anew. */
  private static int[][] frequent(List<int[]> ids) {
    int[] numbers = new int[1 << BITS];
    for (int[] text : ids) {
      for (int feature : NgramTeacher.features(text, BITS)) {
        numbers[feature]++;
      }
    }
    int next = 0;
    for (int feature = 0; feature < numbers.length; feature++) {
      numbers[feature] = numbers[feature] < RAREST ? -1 : next++;
    }
    return ids.stream()
        .parallel()
        .map(text -> NgramTeacher.features(text, BITS))
        .map(text -> Arrays.stream(text).map(f -> numbers[f]).filter(n -> n >= 0).toArray())
        .toArray(int[][]::new);
  }

  private float[] drawn() {
    float[] vector = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      vector[i] = (float) ((random.nextDouble() - 0.5) / WIDTH);
    }
    return vector;
  }

  /**
   * Fits vectors to texts.
   *
   * @param ids of the tokens of each text
   * @param epochs times that every text is read
   * @param length of each vector
   * @param passed told after each time how many there were
   * @return the vector of each text; of one without frequent features it is 0
   */
  static List<float[]> fit(
      List<int[]> ids, int epochs, double length, long seed, IntConsumer passed) {
    DocumentVectors fitted = new DocumentVectors(ids, seed);
    int[] order = IntStream.range(0, ids.size()).filter(i -> fitted.texts[i].length > 0).toArray();
    long steps = (long) epochs * order.length;
    for (long step = 0; step < steps; step++) {
      int at = (int) (step % order.length);
      if (at == 0) {
        NgramTeacher.shuffle(order, fitted.random);
      }
      if (step % TEXTS_OF_DRAWS == 0) {
        fitted.draw(order);
      }
      fitted.learn(order[at], RATE * (1 - step / (double) steps));
      if (at == order.length - 1) {
        passed.accept((int) (step / order.length) + 1);
      }
    }
    return IntStream.range(0, ids.size()).mapToObj(i -> fitted.scaled(i, length)).toList();
  }

  private void draw(int[] order) {
    for (int i = 0; i < DRAWS; i++) {
      int[] text = texts[order[random.nextInt(order.length)]];
      draws[i] = text[random.nextInt(text.length)];
    }
  }

  private void learn(int row, double rate) {
    float[] vector = ofTexts[row];
    for (int feature : texts[row]) {
      choose(feature);
      double square = Vectors.dot(vector, vector);
      double kept = 1;
      Arrays.fill(change, 0);
      for (int i = 0; i < guessed.length; i++) {
        kept -= guess(guessed[i], i == 0 ? 1 : 0, vector, square, rate);
      }
      Vectors.addScaled(change, 1, vector, (float) kept);
    }
  }

  /**
   * A feature of the text, and others drawn at random. They are read before the first is used, so
   * that they come from memory all at once: 1.7 times as fast on an AMD EPYC.
   */
  private void choose(int feature) {
    guessed[0] = ofFeatures[feature];
    for (int i = 1; i < guessed.length; i++) {
      guessed[i] = ofFeatures[draws[random.nextInt(DRAWS)]];
    }
    float read = 0;
    for (float[] other : guessed) {
      for (int i = 0; i < WIDTH; i += CACHE_LINE) {
        read += other[i];
      }
    }
    if (Float.isNaN(read)) {
      throw new IllegalStateException("A document vector is NaN or infinite.");
    }
  }

  /**
   * With cosine c = x·y / (|x| |y|), its gradient by x is y / (|x| |y|) - c x / |x|², likewise by
   * y. The part along y is added to the change of x.
   *
   * @return the share of itself that x loses
   */
  private double guess(float[] other, int truth, float[] vector, double square, double rate) {
    double otherSquare = Vectors.dot(other, other);
    double lengths = Math.sqrt(square * otherSquare);
    double cosine = Vectors.dot(vector, other) / lengths;
    double step = rate * SHARPNESS * (truth - 1 / (1 + Math.exp(-SHARPNESS * cosine)));
    float along = (float) (step / lengths);
    Vectors.addScaled(other, along, change);
    Vectors.addScaled(vector, along, other, (float) (1 - step * cosine / otherSquare));
    return step * cosine / square;
  }

  private float[] scaled(int row, double length) {
    float[] scaled = new float[WIDTH];
    if (texts[row].length > 0) {
      double square = Vectors.dot(ofTexts[row], ofTexts[row]);
      Vectors.addScaled(ofTexts[row], (float) (length / Math.sqrt(square)), scaled);
    }
    return scaled;
  }
}
