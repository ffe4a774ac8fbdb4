package swarmformer.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.SafetensorsWriter;
import swarmformer.training.Training;

/** Writes the folder of a trained model, whole or not at all. */
final class TrainedModel {
  private TrainedModel() {}

  static void write(Training.Outcome outcome, Training training, String command, Path output)
      throws IOException {
    Path folder = Files.createDirectories(training.folder().resolve("model"));
    Files.write(folder.resolve("config.json"), outcome.best().config().toJson());
    Files.write(
        folder.resolve("model.safetensors"),
        SafetensorsWriter.write(outcome.best().weights().tensors(), Dtype.F32));
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("training.json").toFile(), outcome.history());
    Files.move(folder, output, StandardCopyOption.ATOMIC_MOVE);
  }
}
