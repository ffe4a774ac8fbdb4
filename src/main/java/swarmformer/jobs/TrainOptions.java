package swarmformer.jobs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import swarmformer.model.Precision;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;

/** How to train. */
final class TrainOptions {
  @Option(
      names = "--recipe",
      paramLabel = "FILE",
      description = "Recipe: a properties file such as conf/train-small.properties.")
  Optional<Path> recipe;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Directory of the model, for --model of the other jobs. Until training has ended, what it needs to resume lies in DIR.training.")
  Optional<String> output;

  @Option(
      names = "--from",
      paramLabel = "MODEL",
      description =
          "Start from the weights of this model, named as --model of the other jobs, instead of new ones. Its width and layers have to be the recipe's; if its classes are not those of --classes, in the same order, its classifier is replaced.")
  Optional<String> from;

  @Option(
      names = "--teacher",
      split = ",",
      paramLabel = "MODEL[,MODEL]",
      description =
          "Trained models of the same classes, named as --model of the other jobs, that teach besides the linear model: their log-probabilities are averaged with its.")
  List<String> teachers = new ArrayList<>();

  @Option(
      names = "--unlabelled",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Texts without labels, which the recipe's teacher labels.")
  List<String> unlabelled = new ArrayList<>();

  @Option(
      names = "--soft-labels",
      paramLabel = "COL",
      description =
          "Column of --input or --unlabelled with the probabilities that another model gives the classes, an array in their order: they are what the teacher says wherever the whole text is read, or as much as fits. Of crops and of rows without them the other teachers speak.")
  Optional<String> softLabels;

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "NAME[,NAME]",
      description = "Names of the classes, in order. Default: negative,positive.")
  List<String> classes = List.of("negative", "positive");

  @Option(
      names = "--validation",
      paramLabel = "SHARE|PATH",
      defaultValue = "0.1",
      description =
          "Share of the texts that is put aside to choose the best epoch by, or a file of such texts; 0 for none. Default: ${DEFAULT-VALUE}.")
  String validation;

  @Option(
      names = "--validation-by",
      paramLabel = "COL",
      description =
          "Column of a group, such as the film of a review: a group is validated on as a whole. Default: each text is a group.")
  Optional<String> validationBy;

  @Option(
      names = "--min-accuracy",
      paramLabel = "SHARE",
      description =
          "End with exit code 6 if the model, which is written all the same, is right for less than this share of the validation texts, from 0 to 1.")
  Optional<Double> minAccuracy;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of all random numbers. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Number of threads, one per core. Default: all cores; one with a GPU.")
  Optional<Integer> threads;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = "auto, cpu or cuda. Default: ${DEFAULT-VALUE}.")
  String device;

  @Option(
      names = "--dtype",
      paramLabel = "DTYPE",
      defaultValue = "float32",
      description =
          "Number format of the products while the network learns: float32, or bfloat16, which is faster where the processor multiplies it. Weights, optimizer and validation are float32 always. Default: ${DEFAULT-VALUE}.")
  String dtype;

  /** What clashes among the options, one sentence each. */
  List<String> clashes() {
    List<String> clashes = new ArrayList<>();
    if (recipe.isEmpty()) {
      clashes.add("Missing --recipe.");
    }
    if (output.isEmpty()) {
      clashes.add("Missing --output.");
    } else if (Checkpoints.isUri(output.get())) {
      clashes.add(
          "--output takes a directory on this machine, not '%s': train to one and copy it."
              .formatted(output.get()));
    }
    if (classes.size() < 2) {
      clashes.add("--classes takes at least two names.");
    }
    threads
        .filter(n -> n < 1)
        .ifPresent(n -> clashes.add("--threads must be at least 1, not " + n + "."));
    if (validationShare().filter(share -> !(share >= 0 && share < 1)).isPresent()) {
      clashes.add(
          "--validation takes a share from 0 to below 1, or a file, not %s.".formatted(validation));
    }
    minAccuracy
        .filter(share -> !(share >= 0 && share <= 1))
        .ifPresent(
            share -> clashes.add("--min-accuracy takes a share from 0 to 1, not " + share + "."));
    if (minAccuracy.isPresent() && validationShare().filter(share -> share == 0).isPresent()) {
      clashes.add("--min-accuracy needs texts to validate on, and --validation is 0.");
    }
    if (!TorchEngine.DEVICES.contains(device)) {
      clashes.add("--device takes auto, cpu or cuda, not '" + device + "'.");
    }
    if (Stream.of(Precision.values()).map(Precision::toString).noneMatch(dtype::equals)) {
      clashes.add("--dtype takes float32 or bfloat16, not '" + dtype + "'.");
    }
    return clashes;
  }

  /** The columns beside texts and labels. */
  LabelledTexts.Along along() {
    return new LabelledTexts.Along(validationBy, softLabels);
  }

  /** The number format that {@link #dtype} names. */
  Precision precision() {
    return dtype.equals(Precision.BFLOAT16.toString()) ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  /** The share of the texts that is put aside; empty if a file was named. */
  Optional<Double> validationShare() {
    try {
      return Optional.of(Double.parseDouble(validation));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
