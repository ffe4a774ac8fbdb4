package swarmformer.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AugmentationTest {
  /** What the published models were trained with. */
  private static final AugmentationSettings PUBLISHED =
      new AugmentationSettings(0.3, 0.3, 0.1, 0.25);

  private static final AugmentationSettings NONE = new AugmentationSettings(0, 0, 0, 0);
  private static final int ROWS = 2_000;
  private static final int SENTENCES = 12;
  private static final Pattern ROW_OF_WORD = Pattern.compile("\\bw(\\d+)n");

  /** Standard deviations: beyond them comes one count of 15,000. */
  private static final double BOUND = 4;

  private static final AugmentationSettings SHUFFLE = new AugmentationSettings(0.3, 0, 0, 0);
  private static final AugmentationSettings SYNONYMS = new AugmentationSettings(0, 0.3, 0.1, 0);
  private static final AugmentationSettings COMBINE = new AugmentationSettings(0, 0, 0, 0.25);

  private static List<String> texts() {
    return IntStream.range(0, ROWS).mapToObj(AugmentationTest::text).toList();
  }

  /** Sentences of a word that no other has, and of words with synonyms. */
  private static String text(int row) {
    return IntStream.range(0, SENTENCES)
        .mapToObj(i -> "A big movie w%dn%d has an awful story and sound.".formatted(row, i))
        .collect(Collectors.joining(" "));
  }

  private static int[] labels() {
    return IntStream.range(0, ROWS).map(row -> row % 3).toArray();
  }

  private static Augmentation of(AugmentationSettings settings, long seed) {
    return Augmentation.of(texts(), labels(), settings, seed);
  }

  private static List<String> variants(AugmentationSettings settings) {
    Augmentation augmentation = of(settings, 1);
    return IntStream.range(0, ROWS).mapToObj(row -> augmentation.text(row, 0)).toList();
  }

  private static long changed(List<String> variants) {
    return IntStream.range(0, ROWS).filter(row -> !variants.get(row).equals(text(row))).count();
  }

  private static void assertShare(long count, double share) {
    double deviation = Math.sqrt(ROWS * share * (1 - share));
    assertThat((double) count).isCloseTo(ROWS * share, within(BOUND * deviation));
  }

  @Test
  void shufflingKeepsAllWordsAndWholeSentences() {
    List<String> variants = variants(SHUFFLE);
    assertShare(changed(variants), 0.3);
    for (int row = 0; row < ROWS; row++) {
      List<String> sentences = Sentences.of(text(row));
      assertThat(Sentences.of(variants.get(row))).containsExactlyInAnyOrderElementsOf(sentences);
    }
  }

  @Test
  void combinationsAreOfTwoOrThreeTextsOfOneClass() {
    List<String> variants = variants(COMBINE);
    assertShare(changed(variants), 0.25);
    long[] ofSize = new long[4];
    for (int row = 0; row < ROWS; row++) {
      Set<Integer> rows = rowsIn(variants.get(row));
      int label = row % 3;
      assertThat(rows).contains(row).allMatch(other -> other % 3 == label).hasSizeBetween(1, 3);
      assertThat(Sentences.of(variants.get(row))).hasSize(SENTENCES).doesNotHaveDuplicates();
      ofSize[rows.size()]++;
    }
    assertShare(ofSize[2], 0.125);
    assertShare(ofSize[3], 0.125);
  }

  private static Set<Integer> rowsIn(String text) {
    return ROW_OF_WORD
        .matcher(text)
        .results()
        .map(word -> Integer.valueOf(word.group(1)))
        .collect(Collectors.toSet());
  }

  @Test
  void synonymsTakeTheShareOfWords() {
    List<String> variants = variants(SYNONYMS);
    assertShare(changed(variants), 0.3);
    double words = 0;
    for (int row = 0; row < ROWS; row++) {
      words += replaced(text(row), variants.get(row));
    }
    // A sentence has 11 runs of letters: w1n2 is two.
    assertThat(words / changed(variants)).isCloseTo(SENTENCES * 1.1, within(0.1));
  }

  private static long replaced(String text, String variant) {
    String[] words = text.split(" ");
    String[] others = variant.split(" ");
    assertThat(others).hasSameSizeAs(words);
    return IntStream.range(0, words.length).filter(i -> !words[i].equals(others[i])).count();
  }

  @Test
  void allTogetherKeepTheirShares() {
    List<String> variants = variants(PUBLISHED);
    assertShare(changed(variants), 1 - 0.7 * 0.7 * 0.75);
    long combined = variants.stream().filter(variant -> rowsIn(variant).size() > 1).count();
    assertShare(combined, 0.25);
  }

  @Test
  void nothingLeavesTextsAsTheyAre() {
    assertThat(variants(NONE)).isEqualTo(texts());
  }

  @Test
  void dependsOnSeedEpochAndRowAlone() {
    Augmentation one = of(PUBLISHED, 7);
    List<String> forward = IntStream.range(0, 500).mapToObj(row -> one.text(row, 3)).toList();
    Augmentation again = of(PUBLISHED, 7);
    String[] backward = new String[500];
    IntStream.range(0, 500)
        .map(i -> 499 - i)
        .parallel()
        .forEach(row -> backward[row] = again.text(row, 3));
    assertThat(backward).containsExactlyElementsOf(forward);
  }

  @Test
  void differsByEpochAndSeed() {
    Augmentation one = of(SHUFFLE, 7);
    Augmentation other = of(SHUFFLE, 8);
    List<List<String>> all =
        List.of(epoch(one, 0), epoch(one, 1), epoch(other, 0), epoch(other, 1));
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        List<String> a = all.get(i);
        List<String> b = all.get(j);
        long same = IntStream.range(0, ROWS).filter(row -> a.get(row).equals(b.get(row))).count();
        assertShare(same, 0.7 * 0.7);
      }
    }
  }

  private static List<String> epoch(Augmentation augmentation, int epoch) {
    return IntStream.range(0, ROWS).mapToObj(row -> augmentation.text(row, epoch)).toList();
  }

  @Test
  void combinesNoTextWithoutAClassOrWithoutAnother() {
    List<String> texts = List.of("One. Two.", "Three. Four.", "Five.  Six.");
    AugmentationSettings always = new AugmentationSettings(0, 0, 0, 1);
    Augmentation augmentation = Augmentation.of(texts, new int[] {-1, -1, 0}, always, 1);
    for (int epoch = 0; epoch < 20; epoch++) {
      assertThat(augmentation.text(0, epoch)).isEqualTo("One. Two.");
      assertThat(augmentation.text(1, epoch)).isEqualTo("Three. Four.");
      assertThat(augmentation.text(2, epoch)).isEqualTo("Five.  Six.");
    }
  }

  @Test
  void takesTextsOfAnyKind() {
    List<String> texts =
        Arrays.asList("", " ", "Fine", "...", "\uD83D\uDE00\uD83D\uDE00", "\uD83D", "$1 \\ $x");
    AugmentationSettings all = new AugmentationSettings(1, 1, 1, 1);
    Augmentation augmentation = Augmentation.of(texts, new int[7], all, 1);
    for (int row = 0; row < 7; row++) {
      int each = row;
      assertThatCode(() -> IntStream.range(0, 50).forEach(epoch -> augmentation.text(each, epoch)))
          .as(texts.get(row))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void hasNothingToWarnOfHere() {
    assertThat(of(PUBLISHED, 1).warning()).isEmpty();
    assertThat(of(NONE, 1).warning()).isEmpty();
  }
}
