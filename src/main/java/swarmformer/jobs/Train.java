package swarmformer.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import swarmformer.data.DataException;
import swarmformer.data.TextSource;
import swarmformer.hub.Checkpoints;
import swarmformer.model.TorchEngine;
import swarmformer.training.History;
import swarmformer.training.Labelled;
import swarmformer.training.Recipe;
import swarmformer.training.Split;
import swarmformer.training.StartingModel;
import swarmformer.training.Training;

/** Trains a model on labelled texts. */
@Command(
    name = "jobs/train.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = "jobs/train.sh --input PATH... --recipe FILE --output DIR [OPTION...]",
    description = {
      "Trains a model on labelled texts, on one machine.",
      "The same command goes on where it was stopped."
    },
    footer = {"", "Exit codes: 0 done, 1 a bug, 2 usage, 3 input or output, 4 model, 5 device."})
public final class Train implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private InputOptions input;
  @Mixin private TrainOptions options;

  /** Runs the job and ends the JVM with its exit code. */
  public static void main(String... arguments) {
    Program.main(new Train(), arguments);
  }

  @Override
  public Integer call() throws IOException {
    Program.refuseClashes(spec, input.clashes(), options.clashes(), clashes());
    Path output = Path.of(options.output.orElseThrow());
    if (Files.exists(output)) {
      throw new DataException(
          "Cannot write the model to "
              + output
              + ": it exists. Name another --output, or delete it.");
    }
    Path file = options.recipe.orElseThrow();
    String settings = text(file);
    Recipe recipe = Recipe.read(settings, file.toString());
    Optional<StartingModel> from =
        options.from.map(
            name ->
                StartingModel.of(
                    new Checkpoints(new Configuration(), System.getenv()).read(name),
                    recipe,
                    options.classes));
    TorchEngine.start(1);
    PrintWriter out = spec.commandLine().getOut();
    Training training;
    try (SparkSession spark = SparkJob.open("train", Map.of("spark.driver.maxResultSize", "0"))) {
      training = training(spark, recipe, from, out);
    }
    Training.Outcome outcome = training.run(new TrainingLines(System.err), line -> say(out, line));
    new TrainedModel(training, outcome, settings, CommandText.of(spec)).write(output);
    say(out, ended(training, outcome, output));
    return ExitCode.DONE;
  }

  private List<String> clashes() {
    return input.idsColumn.isPresent()
        ? List.of("--ids-col does not go with training, which reads texts.")
        : List.of();
  }

  private static String ended(Training training, Training.Outcome outcome, Path output) {
    History.Epoch best = outcome.history().best().orElseThrow();
    String validated =
        training.validation().isEmpty()
            ? "not validated"
            : String.format(
                Locale.ROOT,
                "%.2f %% of %,d validation texts",
                100 * best.validationAccuracy(),
                training.validation().size());
    return "%s: epoch %d, %s".formatted(output, best.epoch(), validated);
  }

  private static String text(Path recipe) {
    try {
      return Files.readString(recipe);
    } catch (IOException e) {
      throw new DataException(
          "Cannot read the recipe %s: %s. Set --recipe to a file such as conf/train-small.properties."
              .formatted(recipe, e),
          e);
    }
  }

  private Training training(
      SparkSession spark, Recipe recipe, Optional<StartingModel> from, PrintWriter out) {
    options.validationBy.ifPresent(input.keep::add);
    LabelledTexts read =
        LabelledTexts.labelled(spark, input.source(), options.validationBy, options.classes);
    Split split = split(spark, read.texts());
    if (split.training().isEmpty()) {
      throw new DataException(
          "Cannot learn from %s: all %,d texts are put aside for validation. Lower --validation, or leave out --validation-by."
              .formatted(input.source().name(), split.validation().size()));
    }
    List<Labelled> unlabelled = split.withoutValidation(unlabelled(spark));
    say(
        out,
        String.format(
            Locale.ROOT,
            "%,d texts to learn from, %,d without a label, %,d to validate on, %,d left out",
            split.training().size(),
            unlabelled.size(),
            split.validation().size(),
            read.leftOut()));
    var device = TorchEngine.device(options.device);
    return new Training(
        recipe,
        from,
        options.classes,
        split.training(),
        unlabelled,
        split.validation(),
        options.seed,
        options.threads.orElse(Training.workers(device)),
        device,
        state(Path.of(options.output.orElseThrow())));
  }

  /** Where what is needed to go on lies: beside the output. */
  private static Path state(Path output) {
    return output.resolveSibling(output.getFileName() + ".training");
  }

  private List<Labelled> unlabelled(SparkSession spark) {
    if (options.unlabelled.isEmpty()) {
      return List.of();
    }
    TextSource source =
        source(options.unlabelled, Optional.empty(), options.validationBy.stream().toList());
    return LabelledTexts.unlabelled(spark, source, options.validationBy, options.classes).texts();
  }

  private Split split(SparkSession spark, List<Labelled> texts) {
    return options
        .validationShare()
        .map(share -> Split.by(texts, share))
        .orElseGet(
            () ->
                new Split(
                    texts,
                    LabelledTexts.labelled(
                            spark,
                            source(List.of(options.validation), input.labelColumn, List.of()),
                            Optional.empty(),
                            options.classes)
                        .texts()));
  }

  private TextSource source(List<String> paths, Optional<String> label, List<String> keep) {
    return new TextSource(
        paths,
        Optional.empty(),
        input.format,
        input.options,
        input.textColumn,
        input.idColumn,
        label,
        Optional.empty(),
        keep);
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
