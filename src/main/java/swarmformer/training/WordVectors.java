package swarmformer.training;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Vectors of tokens that are alike where the tokens stand in like company: a token is guessed from
 * the mean of its neighbours, against tokens drawn at random (continuous bag of words with negative
 * sampling).
 *
 * <p>Mikolov, Sutskever, Chen, Corrado and Dean, <i>Distributed Representations of Words and
 * Phrases and their Compositionality</i> (2013). One thread, so that a seed gives the same vectors.
 */
final class WordVectors {
  private static final int FURTHEST = 5;
  private static final int NEGATIVE = 5;
  private static final int RAREST = 5;
  private static final double RATE = 0.05;

  /** A token of a greater share than this is passed over more often, the more frequent it is. */
  private static final double FREQUENT = 1e-4;

  /** Tokens to draw from, each about as often as its count to the power of 0.75. */
  private static final int DRAWS = 1 << 22;

  private final int width;
  private final long[] counts;
  private final double[] kept;
  private final int[] draws;
  private final float[] vectors;
  private final float[] contexts;
  private final float[] mean;
  private final float[] change;
  private final float[] row;
  private final SplittableRandom random;

  private WordVectors(List<int[]> texts, int vocabulary, int width, long seed) {
    this.width = width;
    this.random = new SplittableRandom(seed);
    this.counts = new long[vocabulary];
    texts.forEach(text -> Arrays.stream(text).forEach(token -> counts[token]++));
    double frequent = FREQUENT * Arrays.stream(counts).sum();
    this.kept =
        Arrays.stream(counts)
            .mapToDouble(n -> n < RAREST ? 0 : Math.sqrt(frequent / n) + frequent / n)
            .toArray();
    this.draws = draws(counts);
    this.vectors = new float[vocabulary * width];
    this.contexts = new float[vocabulary * width];
    this.mean = new float[width];
    this.change = new float[width];
    this.row = new float[width];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = (float) ((random.nextDouble() - 0.5) / width);
    }
  }

  private static int[] draws(long[] counts) {
    double all = Arrays.stream(counts).mapToDouble(n -> Math.pow((double) n, 0.75)).sum();
    int[] draws = new int[DRAWS];
    double until = 0;
    int filled = 0;
    for (int token = 0; token < counts.length; token++) {
      until += Math.pow((double) counts[token], 0.75) / all * DRAWS;
      int behind = Math.min(DRAWS, (int) Math.round(until));
      Arrays.fill(draws, filled, behind, token);
      filled = behind;
    }
    return draws;
  }

  /**
   * Fits vectors to texts, for an embedding to start with. Rows of tokens that are too rare keep
   * their values, and so does the row of one token among none but rare ones.
   *
   * @param texts token ids
   * @param embedding (vocabulary, width)
   * @param epochs times that every text is read
   * @param deviation standard deviation of the vectors' values
   */
  static void fit(
      List<int[]> texts, float[] embedding, int width, int epochs, double deviation, long seed) {
    WordVectors fitted = new WordVectors(texts, embedding.length / width, width, seed);
    int[] thinned = new int[texts.stream().mapToInt(text -> text.length).max().orElse(0)];
    long steps = (long) epochs * texts.size();
    for (long step = 0; step < steps; step++) {
      int length = fitted.thin(texts.get((int) (step % texts.size())), thinned);
      fitted.learn(thinned, length, RATE * (1 - step / (double) steps));
    }
    fitted.writeScaled(embedding, deviation);
  }

  /** Copies the tokens that are not passed over. */
  private int thin(int[] text, int[] into) {
    int length = 0;
    for (int token : text) {
      if (random.nextDouble() < kept[token]) {
        into[length++] = token;
      }
    }
    return length;
  }

  private void learn(int[] tokens, int length, double rate) {
    for (int at = 0; at < length; at++) {
      int reach = 1 + random.nextInt(FURTHEST);
      int from = Math.max(0, at - reach);
      int to = Math.min(length - 1, at + reach);
      if (from == to) {
        continue;
      }
      Arrays.fill(mean, 0);
      Arrays.fill(change, 0);
      for (int near = from; near <= to; near++) {
        if (near != at) {
          System.arraycopy(vectors, tokens[near] * width, row, 0, width);
          Vectors.addScaled(row, 1f / (to - from), mean);
        }
      }
      guess(tokens[at], 1, rate);
      for (int i = 0; i < NEGATIVE; i++) {
        int other = draws[random.nextInt(DRAWS)];
        if (other != tokens[at]) {
          guess(other, 0, rate);
        }
      }
      for (int near = from; near <= to; near++) {
        if (near != at) {
          System.arraycopy(vectors, tokens[near] * width, row, 0, width);
          Vectors.addScaled(change, 1, row);
          System.arraycopy(row, 0, vectors, tokens[near] * width, width);
        }
      }
    }
  }

  private void guess(int token, int truth, double rate) {
    System.arraycopy(contexts, token * width, row, 0, width);
    float step = (float) ((truth - 1 / (1 + Math.exp(-Vectors.dot(mean, row)))) * rate);
    Vectors.addScaled(row, step, change);
    Vectors.addScaled(mean, step, row);
    System.arraycopy(row, 0, contexts, token * width, width);
  }

  /**
   * Centres the vectors, shortens those that are longer than the median, and brings all to a
   * standard deviation. One vector alone is its own centre, which has no direction: that row keeps
   * its values.
   */
  private void writeScaled(float[] embedding, double deviation) {
    int[] known =
        IntStream.range(0, counts.length).filter(token -> counts[token] >= RAREST).toArray();
    float[] centre = new float[width];
    for (int token : known) {
      for (int i = 0; i < width; i++) {
        centre[i] += vectors[token * width + i] / known.length;
      }
    }
    double[] norms = new double[known.length];
    for (int i = 0; i < known.length; i++) {
      norms[i] = distance(known[i], centre);
    }
    double median = Arrays.stream(norms).sorted().skip(known.length / 2).findFirst().orElse(1);
    if (median == 0) {
      return;
    }
    double squares = Arrays.stream(norms).map(norm -> Math.pow(Math.min(norm, median), 2)).sum();
    double factor = deviation / Math.sqrt(squares / known.length / width);
    for (int i = 0; i < known.length; i++) {
      double by = factor * Math.min(1, median / norms[i]);
      for (int k = 0; k < width; k++) {
        int at = known[i] * width + k;
        embedding[at] = (float) (by * (vectors[at] - centre[k]));
      }
    }
  }

  private double distance(int token, float[] centre) {
    double squares = 0;
    for (int i = 0; i < width; i++) {
      double difference = vectors[token * width + i] - centre[i];
      squares += difference * difference;
    }
    return Math.sqrt(squares);
  }
}
