package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.model.Precision;
import swarmformer.models.Checkpoints;
import swarmformer.training.Labelled;
import swarmformer.training.NamedModel;
import swarmformer.training.Recipe;
import swarmformer.training.Training;
import swarmformer.training.TrainingHistory;

final class TrainedModelTest {
  @TempDir Path folder;

  @Test
  void namesOtherModelsWithoutTheirPasswords() throws IOException {
    Checkpoint small =
        Checkpoint.parse(new Checkpoints(new Configuration(), Map.of()).read("small-imdb"));
    String recipe = Files.readString(Path.of("conf", "train-small.properties"));
    Training training =
        new Training(
            Recipe.read(recipe, "test"),
            Optional.of(new NamedModel("sftp://user:secret@host/first", "ab", small)),
            List.of(new NamedModel("https://user:secret@host/taught?key=secret", "cd", small)),
            small.classNames(),
            List.of(new Labelled("A film.", 1, "group")),
            List.of(),
            List.of(),
            1,
            1,
            Device.cpu(),
            Precision.FLOAT32,
            folder.resolve("mine.training"));
    var epoch = new TrainingHistory.Epoch(1, 0.5, 0.5, Double.NaN, Double.NaN, 1);
    Training.Outcome outcome =
        new Training.Outcome(
            small,
            new TrainingHistory(List.of(), List.of(epoch), List.of()),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Dtype.F32);
    new TrainedModel(training, outcome, recipe, "jobs/train.sh").write(folder.resolve("mine"));
    assertThat(folder.resolve("mine/README.md"))
        .content()
        .contains(
            "| Started from | sftp://user:***@host/first, weights of SHA-256 ab |",
            "taught by https://user:***@host/taught?key=***, weights of SHA-256 cd |")
        .doesNotContain("secret");
  }
}
