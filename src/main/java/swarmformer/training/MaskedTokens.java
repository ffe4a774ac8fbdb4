package swarmformer.training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import swarmformer.model.TrainableNetwork;
import swarmformer.tokens.Tokenizer;

/**
 * Learns to guess tokens of a text from the others, most of which are masked (Devlin, Chang, Lee
 * and Toutanova, <i>BERT: Pre-training of Deep Bidirectional Transformers for Language
 * Understanding</i>, 2019). A guess chooses from the step's guessed tokens and some drawn at
 * random: a step over the whole vocabulary would take several times as long.
 */
final class MaskedTokens implements LearningTask {
  /** The others are guessed from what they are themselves, so that unmasked tokens count, too. */
  private static final double MASKED = 0.9;

  /** Tokens drawn from the vocabulary to choose from, besides those that are guessed. */
  private static final int OTHERS = 1_000;

  private static final int NOT_GUESSED = -1;

  private final List<Example> texts;
  private final int length;
  private final double share;
  private final int[] lengths;

  /**
   * Learns from texts, labels or not.
   *
   * @param length tokens that the network reads, from a place chosen at random
   * @param share of the tokens that are guessed
   */
  MaskedTokens(List<Example> texts, int length, double share) {
    this.texts = texts;
    this.length = length;
    this.share = share;
    this.lengths = texts.stream().mapToInt(text -> text.read(length)).toArray();
  }

  @Override
  public int[] lengths() {
    return lengths;
  }

  @Override
  public Step read(int[] rows, int epoch, SplittableRandom random) {
    Map<Integer, Integer> candidates = new HashMap<>();
    List<Text> read =
        Arrays.stream(rows)
            .mapToObj(row -> read(texts.get(row), candidates, random))
            .sorted(Comparator.comparingInt(text -> -text.ids.length))
            .toList();
    for (int i = 0; i < OTHERS; i++) {
      candidates.putIfAbsent(random.nextInt(Tokenizer.VOCABULARY_SIZE), candidates.size());
    }
    int[] ids = new int[candidates.size()];
    candidates.forEach((id, at) -> ids[at] = id);
    return new Guesses(read, ids, read.stream().mapToLong(Text::guessed).sum());
  }

  private Text read(Example text, Map<Integer, Integer> candidates, SplittableRandom random) {
    int[] ids = text.window(length, random.nextInt(text.places(length))).clone();
    int[] wanted = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      wanted[i] = NOT_GUESSED;
      if (!Tokenizer.isSpecial(ids[i]) && random.nextDouble() < share) {
        candidates.putIfAbsent(ids[i], candidates.size());
        wanted[i] = candidates.get(ids[i]);
        ids[i] = random.nextDouble() < MASKED ? Tokenizer.MASK : ids[i];
      }
    }
    return new Text(ids, wanted);
  }

  /** A text as a step reads it; which of the candidates is wanted at its positions. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Text(int[] ids, int[] wanted) {
    long guessed() {
      return Arrays.stream(wanted).filter(i -> i != NOT_GUESSED).count();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Guesses(List<Text> texts, int[] candidates, long guessed) implements Step {
    @Override
    public List<int[]> ids() {
      return texts.stream().map(Text::ids).toList();
    }

    @Override
    public Sums learn(TrainableNetwork network, int worker, int[] some, long seed) {
      List<Text> piece = Arrays.stream(some).mapToObj(texts::get).toList();
      long asked = piece.stream().mapToLong(Text::guessed).sum();
      if (asked == 0) {
        return Sums.NONE;
      }
      TrainableNetwork.Guesses result =
          network.addMasked(
              worker,
              piece.stream().map(Text::ids).toArray(int[][]::new),
              candidates,
              piece.stream().map(Text::wanted).toArray(int[][]::new),
              1.0 / guessed);
      return new Sums(result.loss(), result.right(), asked);
    }
  }
}
