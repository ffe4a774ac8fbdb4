package swarmformer.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import swarmformer.checkpoint.ModelException;
import swarmformer.data.Failures;
import swarmformer.data.LabelMap;
import swarmformer.data.TextSource;
import swarmformer.errors.InputException;
import swarmformer.errors.OutputException;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;
import swarmformer.training.Labelled;
import swarmformer.training.NamedModel;
import swarmformer.training.Recipe;
import swarmformer.training.RecipeException;
import swarmformer.training.Split;
import swarmformer.training.Training;

/** Trains a model on labelled texts. */
@Command(
    name = "jobs/train.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = "${COMMAND-NAME} --input PATH... --recipe FILE --output DIR [OPTION...]",
    description = {
      "Trains a model on labelled texts, on one machine.",
      "The same command resumes an interrupted training."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 a bug, 2 usage, 3 input or output, 4 model, 5 device, 6 written and below",
      "--min-accuracy."
    })
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
    Path output = LocalPath.of(options.output.orElseThrow());
    if (Files.exists(output)) {
      throw new OutputException(
          "Cannot write the model to "
              + output
              + ": it exists. Set another --output, or delete it.");
    }
    Path file = options.recipe.orElseThrow();
    String settings = text(file);
    Recipe recipe = Recipe.read(settings, file.toString());
    checkSizes(recipe, file);
    checkFolder(output);
    return train(prepared(recipe, file, output), settings, output);
  }

  /** The training, with all that is read for it. */
  private Training prepared(Recipe recipe, Path file, Path output) throws IOException {
    Checkpoints checkpoints = new Checkpoints(SparkJob.hadoop(), System.getenv());
    Optional<NamedModel> from =
        options.from.map(name -> NamedModel.toStartFrom(checkpoints.read(name), recipe));
    from.stream()
        .flatMap(model -> model.differences(recipe).stream())
        .forEach(difference -> say("Warning: " + difference));
    List<NamedModel> teachers =
        options.teachers.stream()
            .map(name -> NamedModel.toTeach(checkpoints.read(name), options.classes))
            .toList();
    checkTeachers(recipe, file);
    TorchEngine.start(1);
    var device = TorchEngine.device(options.device);
    int threads = options.threads.orElse(Training.workers(device));
    say(
        String.format(
            Locale.ROOT,
            "Training on %s with %d threads in %s",
            device,
            threads,
            options.precision()));
    Given given;
    try (SparkSession spark = SparkJob.open("train", Map.of("spark.driver.maxResultSize", "0"))) {
      given = given(spark);
    }
    return new Training(
        recipe,
        from,
        teachers,
        options.classes,
        given.split().training(),
        given.unlabelled(),
        given.split().validation(),
        options.seed,
        threads,
        device,
        options.precision(),
        output.resolveSibling(output.getFileName() + ".training"));
  }

  private int train(Training training, String settings, Path output) {
    try {
      Training.Outcome outcome = training.run(new TrainingLines(System.err), this::say);
      new TrainedModel(training, outcome, settings, CommandText.of(spec)).write(output);
      ComparedAccuracy accuracy = new ComparedAccuracy(training, outcome);
      say("%s: %s".formatted(output, accuracy.text()));
      accuracy.warning().ifPresent(warning -> say("Warning: " + warning));
      return gate(accuracy, output);
    } catch (IOException e) {
      throw Failures.explainWriting(output.toString(), e)
          .orElseGet(
              () ->
                  new OutputException(
                      "Cannot write the model to %s, or resume the training in %s: %s. Check both, or set another --output."
                          .formatted(output, training.folder(), e),
                      e));
    }
  }

  private List<String> clashes() {
    List<String> clashes = new ArrayList<>();
    if (input.idsColumn.isPresent()) {
      clashes.add("--ids-col does not go with training, which reads texts.");
    }
    if (!input.keep.isEmpty()) {
      clashes.add("--keep does not go with training, which writes no predictions.");
    }
    return clashes;
  }

  private void checkSizes(Recipe recipe, Path file) {
    try {
      recipe.architecture().config(options.classes);
    } catch (ModelException e) {
      throw new RecipeException(
          "Cannot use the recipe %s with these --classes: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void checkTeachers(Recipe recipe, Path file) {
    Recipe.Teacher teacher = recipe.teacher();
    boolean ofUnlabelled = !options.unlabelled.isEmpty() && teacher.unlabelledWeight() > 0;
    if (!options.teachers.isEmpty() && teacher.share() == 0 && !ofUnlabelled) {
      throw new RecipeException(
          "Cannot learn from --teacher with the recipe %s: its teacher.share is 0. Raise it, or leave out --teacher."
              .formatted(file));
    }
  }

  /** Whether the model can be written, as far as one can see before. */
  private static void checkFolder(Path output) {
    Path there = output.toAbsolutePath().normalize().getParent();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new OutputException(
          "Cannot write the model to %s: %s is not a directory that you may write to. Set another --output."
              .formatted(output, there));
    }
  }

  private int gate(ComparedAccuracy accuracy, Path output) {
    Optional<Double> least = options.minAccuracy.filter(accuracy::isBelow);
    least.ifPresent(
        share ->
            spec.commandLine()
                .getErr()
                .printf(
                    "Gate: %s knows less than --min-accuracy %s of the validation texts. Add texts with labels, start from a model with --from, or lower it.%n",
                    output, share));
    return least.isPresent() ? ExitCode.GATE : ExitCode.DONE;
  }

  private static String text(Path recipe) {
    try {
      return Files.readString(recipe);
    } catch (IOException e) {
      String reason = Files.exists(recipe) ? "it is not a text file" : "there is no such file";
      throw new InputException(
          "Cannot read the recipe %s: %s. Set --recipe to a file such as conf/train-small.properties."
              .formatted(recipe, reason),
          e);
    }
  }

  private record Given(Split split, List<Labelled> unlabelled) {}

  private Given given(SparkSession spark) {
    options.validationBy.ifPresent(input.keep::add);
    LabelledTexts read =
        LabelledTexts.labelled(spark, input.source(), options.validationBy, options.classes);
    checkGroups(read.texts(), input.source());
    Split split = split(spark, read.texts());
    if (split.training().isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot learn from %s: all %,d texts are put aside for validation. Lower --validation, or leave out --validation-by.",
              input.source().name(),
              split.validation().size()));
    }
    checkValidation(split);
    tellAbsentClasses(split);
    List<Labelled> unlabelled = split.withoutLabelled(unlabelled(spark));
    say(
        String.format(
            Locale.ROOT,
            "%,d texts to learn from, %,d without a label, %,d to validate on, %,d left out",
            split.training().size(),
            unlabelled.size(),
            split.validation().size(),
            read.leftOut()));
    return new Given(split, unlabelled);
  }

  /** Whole groups are put aside: of few of them it can be that none is. */
  private void checkValidation(Split split) {
    if (!split.validation().isEmpty() || options.validationShare().orElse(1.0) == 0) {
      return;
    }
    String none =
        String.format(
            Locale.ROOT,
            "--validation %s puts none of the %,d groups of %s aside. Raise it, or set it to a file of texts to validate on.",
            options.validation,
            split.training().stream().map(Labelled::group).distinct().count(),
            input.source().name());
    if (options.minAccuracy.isPresent()) {
      throw new InputException("Cannot check --min-accuracy: " + none);
    }
    say("Warning: nothing is validated, since " + none);
  }

  private void tellAbsentClasses(Split split) {
    tellAbsentClasses(split.training(), "learn from");
    if (!split.validation().isEmpty()) {
      tellAbsentClasses(split.validation(), "validate on");
    }
  }

  private void tellAbsentClasses(List<Labelled> texts, String use) {
    Set<Integer> labels = texts.stream().map(Labelled::label).collect(Collectors.toSet());
    List<String> absent =
        IntStream.range(0, options.classes.size())
            .filter(label -> !labels.contains(label))
            .mapToObj(options.classes::get)
            .toList();
    if (!absent.isEmpty()) {
      say(
          "Warning: no text to %s has the label %s. Check --classes and the labels."
              .formatted(use, String.join(" or ", absent)));
    }
  }

  private void checkGroups(List<Labelled> texts, TextSource source) {
    if (options.validationBy.isPresent()
        && texts.stream().allMatch(text -> text.group().equals(text.text()))) {
      throw new InputException(
          "Cannot validate by groups: no text of %s has a value in a column '%s'. Set --validation-by."
              .formatted(source.name(), options.validationBy.get()));
    }
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
        .orElseGet(() -> Split.of(texts, validation(spark)));
  }

  private List<Labelled> validation(SparkSession spark) {
    TextSource source =
        source(
            List.of(options.validation), input.labelColumn, options.validationBy.stream().toList());
    List<Labelled> texts =
        LabelledTexts.labelled(spark, source, options.validationBy, options.classes).texts();
    checkGroups(texts, source);
    return texts;
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
        input.labelMap.flatMap(LabelMap::parse),
        Optional.empty(),
        keep);
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
