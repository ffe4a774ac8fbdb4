package swarmformer.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import swarmformer.checkpoint.SafetensorsWriter;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.data.LocalDisk;
import swarmformer.data.Secrets;
import swarmformer.tokens.TruncationSide;
import swarmformer.training.Labelled;
import swarmformer.training.NamedModel;
import swarmformer.training.Training;
import swarmformer.training.TrainingHistory;

/**
 * The directory of a trained model, whole or not at all.
 *
 * @param training what it was made from
 * @param outcome what came of it
 * @param recipe text of the recipe
 * @param command that made it
 */
record TrainedModel(Training training, Training.Outcome outcome, String recipe, String command) {
  /** Figures that are not there are null, which every reader of JSON takes for a missing number. */
  private static final ObjectMapper HISTORY =
      new ObjectMapper()
          .registerModule(new SimpleModule().addSerializer(double.class, new NullForNan()));

  private static final class NullForNan extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider serializers)
        throws IOException {
      if (value.isNaN()) {
        out.writeNull();
      } else {
        out.writeNumber(value);
      }
    }
  }

  void write(Path output) throws IOException {
    Path folder = Files.createDirectories(training.folder().resolve("model"));
    Files.write(folder.resolve("config.json"), outcome.best().config().toJson());
    Files.write(
        folder.resolve("model.safetensors"),
        SafetensorsWriter.write(outcome.best().weights().tensors(), outcome.storage()));
    HISTORY
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("training.json").toFile(), outcome.history());
    Files.writeString(folder.resolve("curves.svg"), TrainingCurves.draw(outcome.history()));
    Files.writeString(folder.resolve("README.md"), card(output.getFileName().toString()));
    LocalDisk.force(folder);
    Files.move(folder, output, StandardCopyOption.ATOMIC_MOVE);
    training.forget();
  }

  /** The model card. */
  private String card(String name) {
    SwarmFormerConfig config = outcome.best().config();
    return ConsoleReport.text(
            """
            # %s

            A SwarmFormer network for these classes: %s.

            | | |
            |---|---|
            | Architecture | `d_model` %d, %d tokens, clusters of %d, %d layers, %d local steps each: %,d parameters |
            | Tokens | BERT uncased WordPiece, 30,522 entries; of longer texts the %s is read |
            | Started from | %s |
            | Trained on | %,d texts with labels, %,d without%s |
            | Accuracy | %s |
            | Compared | %s |
            | Matrix products | %s |
            | Weights stored as | %s |
            | Fingerprint | SHA-256 of texts, labels, soft labels, groups, recipe, models, seed, threads, device and number format: %s |
            | Seed | %d |

            Made by

            ```bash
            %s
            ```

            with SwarmFormer for Spark %s and this recipe:

            ```properties
            %s
            ```

            ![Loss and accuracy](curves.svg)

            %s| Epoch | Loss | Accuracy | Validation loss | Validation accuracy |
            |---|---|---|---|---|
            """,
            name,
            String.join(", ", config.classNames()),
            config.dModel(),
            config.seqLen(),
            config.clusterSize(),
            config.numLayers(),
            config.localSteps(),
            outcome.best().weights().parameters(),
            config.truncationSide() == TruncationSide.LEFT ? "end" : "beginning",
            start(),
            training.labelled().size(),
            training.unlabelled().size(),
            teachers(),
            accuracy(),
            compared(),
            training.precision() + " while it learned, float32 where it was validated",
            storage(),
            training.fingerprint(),
            training.seed(),
            command,
            Version.text(),
            settings(),
            pretraining())
        + outcome.history().epochs().stream().map(TrainedModel::row).collect(Collectors.joining());
  }

  private String start() {
    return training.from().map(TrainedModel::named).orElse("new weights");
  }

  private static String named(NamedModel model) {
    return "%s, weights of SHA-256 %s".formatted(Secrets.without(model.name()), model.sha256());
  }

  private String teachers() {
    long soft = Labelled.countSoftLabels(training.labelled(), training.unlabelled());
    return training.teachers().stream()
            .map(model -> "; taught by " + named(model))
            .collect(Collectors.joining())
        + (soft > 0 ? ConsoleReport.text("; %,d of them with soft labels", soft) : "");
  }

  private String accuracy() {
    TrainingHistory.Epoch best = outcome.history().best().orElseThrow();
    return training.validation().isEmpty()
        ? "not measured: no text was put aside"
        : ConsoleReport.text(
            "%s of %,d texts that were put aside, by which the best was chosen: %s",
            ConsoleReport.percent(best.validationAccuracy()),
            training.validation().size(),
            best.text());
  }

  private String compared() {
    ComparedAccuracy accuracy = new ComparedAccuracy(training, outcome);
    return accuracy.others().orElse("with nothing")
        + accuracy.warning().map(warning -> "; **" + warning + "**").orElse("");
  }

  private String storage() {
    return switch (outcome.storage()) {
      case F16 -> "float16, which changes no prediction of the texts put aside";
      default -> "float32";
    };
  }

  /** The recipe without its comments. */
  private String settings() {
    return recipe
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .collect(Collectors.joining("\n"));
  }

  private String pretraining() {
    List<TrainingHistory.Pretraining> epochs = outcome.history().pretraining();
    return epochs.isEmpty()
        ? ""
        : epochs.stream()
            .map(epoch -> row(epoch.epoch(), epoch.loss(), epoch.accuracy()) + "\n")
            .collect(
                Collectors.joining(
                    "",
                    "| Pretraining epoch | Loss | Masked tokens guessed |\n|---|---|---|\n",
                    "\n"));
  }

  private static String row(TrainingHistory.Epoch epoch) {
    String validation =
        epoch.validated()
            ? ConsoleReport.text(
                "%.4f | %s",
                epoch.validationLoss(), ConsoleReport.percent(epoch.validationAccuracy()))
            : "|";
    String training =
        epoch.trained() ? row(epoch.epoch(), epoch.loss(), epoch.accuracy()) : "| 0 | | |";
    return training + " " + validation + " |\n";
  }

  private static String row(int epoch, double loss, double accuracy) {
    return ConsoleReport.text("| %d | %.4f | %s |", epoch, loss, ConsoleReport.percent(accuracy));
  }
}
