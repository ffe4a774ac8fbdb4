package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingExamplesTest {
  private static final double SHARE = 0.7;

  @TempDir Path folder;

  /** Of the two classes in turn; the first text has the label of the other class. */
  private static List<Labelled> texts() {
    List<Labelled> texts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String text = (i % 2 == 0 ? "an awful film " : "a superb film ") + i;
      texts.add(new Labelled(text, i == 0 ? 1 : i % 2, "group " + i));
    }
    return texts;
  }

  private List<Example> examples() throws IOException {
    Recipe recipe = Recipes.tiny("teacher.share=" + SHARE, "crops.share=1", "crops.min-tokens=12");
    try (SavedState saved = new SavedState(folder, "test")) {
      return new TrainingExamples(recipe, 2, texts(), 1, saved, line -> {}).training(List.of());
    }
  }

  /** The teacher, who has not learned from the text, says the other class. */
  @Test
  void aCropThatIsTheWholeTextKeepsItsLabel() throws IOException {
    Example text = examples().get(0);
    Passage crop = Passage.crop(text, 12, 32, new SplittableRandom(1));
    float[] target = text.target().of(crop, new double[0]);
    assertThat(crop.ids()).isEqualTo(text.tokens());
    assertThat((double) target[1]).isBetween(1 - SHARE, 1 - SHARE / 2);
    assertThat(target[0] + target[1]).isCloseTo(1, within(1e-6f));
  }

  private float[] target(List<Double> softLabels, boolean crop, double... networks)
      throws IOException {
    Recipe recipe = Recipes.tiny("teacher.share=" + SHARE, "crops.share=1", "crops.min-tokens=12");
    Labelled text = new Labelled("a superb film", Labelled.UNLABELLED, "other", softLabels);
    try (SavedState saved = new SavedState(folder, "test")) {
      Example example =
          new TrainingExamples(recipe, 2, texts(), 1, saved, line -> {})
              .training(List.of(text))
              .get(0);
      return example.target().of(new Passage(example.tokens(), 1, crop), networks);
    }
  }

  /** Probabilities of p and q, on the scale on which models are averaged. */
  private static double logit(float... shares) {
    return Math.log(shares[1] / shares[0]);
  }

  @Test
  void softLabelsTeachWhereTheWholeTextIsRead() throws IOException {
    double linear = logit(target(List.of(), false));
    double[] networks = {Math.log(0.2), Math.log(0.8)};
    double averaged = (linear + Math.log(4)) / 2;
    assertThat(logit(target(List.of(), false, networks))).isCloseTo(averaged, within(1e-5));
    List<Double> softLabels = List.of(0.9, 0.1);
    assertThat(target(softLabels, false)).containsExactly(0.9f, 0.1f);
    assertThat(target(softLabels, false, networks)).containsExactly(0.9f, 0.1f);
    assertThat(logit(target(softLabels, true))).isCloseTo(linear, within(1e-5));
    assertThat(logit(target(softLabels, true, networks))).isCloseTo(averaged, within(1e-5));
  }
}
