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
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.WeightNames;
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
      "--min-accuracy, 8 another process trains with the same --output."
    })
public final class Train implements Callable<Integer> {
  /** The state has four numbers for each of them, of 4 bytes, in one array. */
  private static final long MOST_PARAMETERS = 130_000_000;

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
    try {
      return train(prepared(recipe, file, output), settings, output);
    } catch (OutOfMemoryError | RuntimeException e) { // that of a thread is the cause of another
      if (Failures.chain(e).stream().anyMatch(OutOfMemoryError.class::isInstance)) {
        throw ofHeap(e);
      }
      throw e;
    }
  }

  private static InputException ofHeap(Throwable cause) {
    double heap = Runtime.getRuntime().maxMemory() / (double) (1 << 30);
    return new InputException(
        String.format(
            Locale.ROOT,
            "Cannot train: %.1f GB of Java heap are too little for these texts and this recipe. Give the driver more, and run the same command again: -- --driver-memory %dg.",
            heap,
            2 * (int) Math.ceil(heap)),
        cause);
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

  private List<String> clashes() throws IOException {
    List<String> clashes = new ArrayList<>();
    String name = options.output.orElse("");
    if (Checkpoints.isBundled(name)) {
      clashes.add(
          "--output takes no name of a bundled model, since --model %s means that one: set it to ./%s, or to another name."
              .formatted(name, name));
    }
    if (input.idsColumn.isPresent()) {
      clashes.add("--ids-col does not go with training, which reads texts.");
    }
    if (!input.keep.isEmpty()) {
      clashes.add("--keep does not go with training, which writes no predictions.");
    }
    return clashes;
  }

  private void checkSizes(Recipe recipe, Path file) {
    long parameters;
    try {
      SwarmFormerConfig config = recipe.architecture().config(options.classes);
      parameters =
          WeightNames.inModelOrder(config, options.classes.size()).stream()
              .mapToLong(each -> each.shape().stream().reduce(1L, Math::multiplyExact))
              .sum();
    } catch (ModelException e) {
      throw new RecipeException(
          "Cannot use the recipe %s with these --classes: %s".formatted(file, e.getMessage()), e);
    }
    if (parameters > MOST_PARAMETERS) {
      throw new RecipeException(
          String.format(
              Locale.ROOT,
              "Cannot use the recipe %s: its network has %,d parameters, and a state can be saved of %,d. Lower model.d-model or model.layers.",
              file,
              parameters,
              MOST_PARAMETERS));
    }
  }

  private void checkTeachers(Recipe recipe, Path file) {
    Recipe.Teacher teacher = recipe.teacher();
    boolean ofUnlabelled = !options.unlabelled.isEmpty() && teacher.unlabelledWeight() > 0;
    String taught = options.teachers.isEmpty() ? "--soft-labels" : "--teacher";
    boolean others = !options.teachers.isEmpty() || options.softLabels.isPresent();
    if (others && teacher.share() == 0 && !ofUnlabelled) {
      throw new RecipeException(
          "Cannot learn from %s with the recipe %s: its teacher.share is 0. Raise it, or leave out %s."
              .formatted(taught, file, taught));
    }
    if (options.softLabels.isPresent() && recipe.changesTexts()) {
      throw new RecipeException(
          "Cannot learn from --soft-labels with the recipe %s: its augmentation changes the texts that they are of. Set augment.shuffle, augment.synonyms and augment.combine to 0, or leave out --soft-labels."
              .formatted(file));
    }
  }

  private void checkSoftLabels(List<Labelled> labelled, List<Labelled> unlabelled) {
    if (options.softLabels.isEmpty()) {
      return;
    }
    long texts = Labelled.countSoftLabels(labelled, unlabelled);
    if (texts == 0) {
      throw new InputException(
          "Cannot learn from soft labels: no text has any in a column '%s'. Set --soft-labels."
              .formatted(options.softLabels.get()));
    }
    say(String.format(Locale.ROOT, "%,d texts with soft labels", texts));
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
    LabelledTexts read =
        LabelledTexts.labelled(spark, input.source(), options.along(), options.classes);
    checkGroups(read.texts(), input.source());
    Optional<LabelledTexts> others =
        options.validationShare().isPresent() ? Optional.empty() : Optional.of(validation(spark));
    Split split =
        others
            .map(validation -> Split.of(read.texts(), validation.texts()))
            .orElseGet(() -> Split.by(read.texts(), options.validationShare().orElseThrow()));
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
    LabelledTexts more = unlabelled(spark);
    List<Labelled> unlabelled = split.withoutLabelled(more.texts());
    checkSoftLabels(split.training(), unlabelled);
    // Texts without a label that have one elsewhere are learned from there.
    long rows = read.rows() + more.rows() + others.map(LabelledTexts::rows).orElse(0L);
    long used = (long) split.training().size() + split.validation().size() + more.texts().size();
    say(
        String.format(
            Locale.ROOT,
            "%,d texts to learn from, %,d without a label, %,d to validate on, %,d left out",
            split.training().size(),
            unlabelled.size(),
            split.validation().size(),
            rows - used));
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
    if (options.validationBy.isPresent() && hasNoGroups(texts)) {
      throw new InputException(
          "Cannot validate by groups: no text of %s has a value in a column '%s'. Set --validation-by."
              .formatted(source.name(), options.validationBy.get()));
    }
  }

  private static boolean hasNoGroups(List<Labelled> texts) {
    return texts.stream().allMatch(text -> text.group().equals(text.text()));
  }

  private LabelledTexts unlabelled(SparkSession spark) {
    if (options.unlabelled.isEmpty()) {
      return LabelledTexts.NONE;
    }
    TextSource source = source(options.unlabelled, Optional.empty());
    LabelledTexts read = LabelledTexts.unlabelled(spark, source, options.along(), options.classes);
    if (options.validationBy.isPresent() && hasNoGroups(read.texts())) {
      say(
          "Warning: no text of %s has a value in a column '%s': those of groups that are put aside are learned from, too."
              .formatted(source.name(), options.validationBy.get()));
    }
    return read;
  }

  private LabelledTexts validation(SparkSession spark) {
    TextSource source = source(List.of(options.validation), input.labelColumn);
    LabelledTexts read =
        LabelledTexts.labelled(
            spark,
            source,
            new LabelledTexts.Along(options.validationBy, Optional.empty()),
            options.classes);
    checkGroups(read.texts(), source);
    return read;
  }

  private TextSource source(List<String> paths, Optional<String> label) {
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
        List.of());
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
