package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CrossFitTest {
  private static final int TEXTS = 600;
  private static final int OWN_TOKENS = 1_000;

  /** A sixth of the texts are of class 1. */
  private static int[] labels() {
    return new Random(1).ints(TEXTS, 0, 6).map(i -> i == 0 ? 1 : 0).toArray();
  }

  private static int[] folds() {
    return IntStream.range(0, TEXTS).map(i -> i % 5).toArray();
  }

  /** One token tells the class most of the time; thirty are of the text alone. */
  private static List<NgramTeacher.Text> texts(int[] labels) {
    Random random = new Random(2);
    List<NgramTeacher.Text> texts = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      int[] ids = new int[31];
      ids[0] = random.nextInt(5) == 0 ? 1 - labels[i] : labels[i];
      for (int k = 1; k < ids.length; k++) {
        ids[k] = OWN_TOKENS + 30 * i + k;
      }
      texts.add(NgramTeacher.Text.ofTokens(ids));
    }
    return texts;
  }

  @Test
  void sharesOfTextsNotLearnedFromAreThoseOfTheClasses() {
    int[] labels = labels();
    List<NgramTeacher.Text> texts = texts(labels);
    CrossFit fitted = CrossFit.of(texts, List.of(), labels, folds(), 2, 1);
    double share =
        IntStream.range(0, TEXTS)
            .mapToDouble(i -> fitted.without(i).shares(texts.get(i))[1])
            .average()
            .orElseThrow();
    assertThat(share).isCloseTo(Arrays.stream(labels).average().orElseThrow(), within(0.02));
  }

  @Test
  void asksAModelThatHasNotLearnedFromTheText() {
    int[] labels = labels();
    List<NgramTeacher.Text> texts = texts(labels);
    CrossFit fitted = CrossFit.of(texts, List.of(), labels, folds(), 2, 1);
    int row = 7;
    labels[row] = 1 - labels[row];
    CrossFit other = CrossFit.of(texts, List.of(), labels, folds(), 2, 1);
    double[] before = fitted.without(row).logits(texts.get(row));
    assertThat(other.without(row).logits(texts.get(row))).isEqualTo(before);
    assertThat(other.ofAll().logits(texts.get(row))).isNotEqualTo(before);
  }

  /** Some 1,200 models, of the few features that there are: more would need 20 GB. */
  @Test
  void manyClassesNeedNoMoreMemoryThanTheirFeatures() {
    int[] ofClass = IntStream.range(0, 400).map(i -> i % 200).toArray();
    List<NgramTeacher.Text> texts =
        Arrays.stream(ofClass)
            .mapToObj(k -> NgramTeacher.Text.of(new int[] {7, 1_000 + k, 8}, new float[0]))
            .toList();
    int[] fold = IntStream.range(0, 400).map(i -> i < 200 ? 0 : 1 + i % 4).toArray();
    CrossFit fitted = CrossFit.of(texts, List.of(), ofClass, fold, 200, 1);
    assertThat(fitted.accuracy()).isGreaterThan(0.9);
    assertThat(fitted.ofAll().guess(texts.get(150))).isEqualTo(150);
  }

  @Test
  void refusesTextsOfOneGroup() {
    List<Labelled> texts = List.of(new Labelled("a", 0, "one"), new Labelled("b", 1, "one"));
    assertThatThrownBy(() -> CrossFit.folds(texts))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("Cannot train: ")
        .hasMessageContaining("there are too few groups. Add texts with labels, or set another ");
  }
}
