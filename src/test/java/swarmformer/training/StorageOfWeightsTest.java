package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;
import swarmformer.model.Precision;
import swarmformer.model.TorchEngine;

/** In which number format a trained model is stored. */
final class StorageOfWeightsTest {
  private static final List<String> CLASSES = List.of("negative", "positive");

  /** A token that no text has, so that what it weighs changes no prediction. */
  private static final int UNUSED = 20_000;

  @TempDir private Path folder;

  private static final class NoProgress implements TrainingProgress {
    @Override
    public void steps(
        String epoch, double share, double loss, double accuracy, double textsPerSecond) {}

    @Override
    public void pretraining(TrainingHistory.Pretraining epoch) {}

    @Override
    public void epoch(TrainingHistory.Epoch epoch) {}
  }

  @BeforeAll
  static void startEngine() {
    TorchEngine.start(1);
  }

  @Test
  void isFloat16WhereThatChangesNoPrediction() throws IOException {
    assertThat(storage(0.1f, texts(20))).isEqualTo(Dtype.F16);
    assertThat(storage(65_519, texts(20))).isEqualTo(Dtype.F16);
  }

  @Test
  void isFloat32WhereAWeightIsTooLargeForFloat16() throws IOException {
    assertThat(storage(65_520, texts(20))).isEqualTo(Dtype.F32);
    assertThat(storage(-1e9f, texts(20))).isEqualTo(Dtype.F32);
  }

  @Test
  void isFloat32WhereThereIsNothingToTry() throws IOException {
    assertThat(storage(0.1f, List.of())).isEqualTo(Dtype.F32);
  }

  /** Of a model that is not trained on, with this weight in it. */
  private Dtype storage(float weight, List<Labelled> validation) throws IOException {
    Recipe recipe = Recipes.tiny("epochs=1", "learning-rate=0");
    SwarmFormerConfig config = recipe.architecture().config(CLASSES);
    Weights weights = FirstWeights.draw(config, CLASSES.size(), recipe.start(), 1);
    weights.tensors().get(0).values()[UNUSED * config.dModel()] = weight;
    NamedModel model = NamedModel.toStartFrom(Recipes.files("mine", config, weights), recipe);
    Training training =
        new Training(
            recipe,
            Optional.of(model),
            List.of(),
            CLASSES,
            texts(40),
            List.of(),
            validation,
            5,
            1,
            Device.cpu(),
            Precision.FLOAT32,
            folder.resolve(weight + " " + validation.size()));
    return training.run(new NoProgress(), line -> {}).storage();
  }

  private static List<Labelled> texts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Labelled(i % 2 == 0 ? "an awful film" : "superb", i % 2, "group " + i))
        .toList();
  }
}
