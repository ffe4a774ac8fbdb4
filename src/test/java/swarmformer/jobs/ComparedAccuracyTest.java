package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import swarmformer.checkpoint.Dtype;
import swarmformer.model.Precision;
import swarmformer.training.Baselines;
import swarmformer.training.Labelled;
import swarmformer.training.Recipe;
import swarmformer.training.ShortParts;
import swarmformer.training.Training;
import swarmformer.training.TrainingHistory;

final class ComparedAccuracyTest {
  private static ComparedAccuracy of(double accuracy, Optional<Baselines> baselines)
      throws IOException {
    return of(
        Collections.nCopies(baselines.isPresent() ? 200 : 0, new Labelled("text", 0, "text")),
        accuracy,
        baselines);
  }

  private static ComparedAccuracy of(
      List<Labelled> validation, double accuracy, Optional<Baselines> baselines)
      throws IOException {
    long right = Math.round(accuracy * validation.size());
    Path recipe = Path.of("conf", "train-small.properties");
    Training training =
        new Training(
            Recipe.read(Files.readString(recipe), "test"),
            Optional.empty(),
            List.of(),
            List.of("bad", "good"),
            List.of(),
            List.of(),
            validation,
            1,
            1,
            Device.cpu(),
            Precision.FLOAT32,
            Path.of("unused"));
    TrainingHistory history =
        new TrainingHistory(
            List.of(),
            List.of(new TrainingHistory.Epoch(1, 0.5, 0.7, 0.6, accuracy, 9)),
            List.of());
    return new ComparedAccuracy(
        training,
        new Training.Outcome(
            null,
            history,
            baselines,
            baselines.map(others -> new ShortParts(0.75, 0.7)),
            IntStream.range(0, validation.size()).mapToObj(row -> row < right ? 0 : 1).toList(),
            Dtype.F32));
  }

  private static ComparedAccuracy of(double accuracy) throws IOException {
    return of(accuracy, Optional.of(new Baselines(1, 0.51, 0.835)));
  }

  @Test
  void saysWhatOthersKnow() throws IOException {
    assertThat(of(0.84).text())
        .isEqualTo(
            "epoch 1, 84.00 % of 200 validation texts (95 % interval of the epoch chosen by them 78.29 to 88.43 %); a linear model of the same texts knows 83.50 %, always saying good 51.00 %; of parts of them of at most 40 tokens the model knows 75.00 %, the linear model 70.00 %");
    assertThat(of(0.84).warning()).isEmpty();
    assertThat(of(0.835).warning()).isEmpty();
  }

  @Test
  void saysThatNothingIsCertain() throws IOException {
    assertThat(of(0.99999, Optional.of(new Baselines(1, 0.00001, 0.99998))).text())
        .startsWith("epoch 1, > 99.99 % of 200 validation texts ")
        .contains("linear model of the same texts knows > 99.99 %, always saying good < 0.01 %;");
  }

  /** Five texts of a group are all right or all wrong, so that they tell as much as one. */
  @Test
  void heedsGroupsOfTexts() throws IOException {
    List<Labelled> texts =
        IntStream.range(0, 200)
            .mapToObj(row -> new Labelled("text " + row, 0, "film " + row / 5))
            .toList();
    Optional<Baselines> others = Optional.of(new Baselines(1, 0.51, 0.835));
    assertThat(of(texts, 0.75, others).text())
        .startsWith(
            "epoch 1, 75.00 % of 200 validation texts of 40 groups (95 % interval of the epoch chosen by them 59.07 to 86.18 %); ");
    assertThat(of(Collections.nCopies(9, new Labelled("text", 0, "film")), 1, others).text())
        .startsWith("epoch 1, 100.00 % of 9 validation texts of one group; a linear model ");
  }

  @Test
  void warnsOfAModelThatLoses() throws IOException {
    assertThat(of(0.83).warning())
        .contains(
            "the model is worse than a linear model of the same texts. Add texts with labels or, with --unlabelled, without, or start from a model with --from (docs/training.md).");
    assertThat(of(0.5).warning().orElseThrow())
        .startsWith(
            "the model is worse than a linear model of the same texts and than always saying good. ");
  }

  @Test
  void comparesNothingWithoutValidation() throws IOException {
    ComparedAccuracy compared = of(Double.NaN, Optional.empty());
    assertThat(compared.text()).isEqualTo("epoch 1, not validated");
    assertThat(compared.others()).isEmpty();
    assertThat(compared.warning()).isEmpty();
    assertThat(compared.isBelow(0.9)).isFalse();
  }
}
