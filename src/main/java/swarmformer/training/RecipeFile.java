package swarmformer.training;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import swarmformer.augment.AugmentationSettings;
import swarmformer.model.Dropout;
import swarmformer.tokens.TruncationSide;

/** Reads a recipe from the text of a properties file. Serves one reading. */
final class RecipeFile {
  private static final String AUTO = "auto";

  private final Properties properties = new Properties();
  private final Set<String> unread = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  private RecipeFile(String text) throws IOException {
    properties.load(new StringReader(text));
    unread.addAll(properties.stringPropertyNames());
  }

  static Recipe read(String text, String origin) {
    RecipeFile file = parse(text, origin);
    Recipe recipe = file.recipe();
    file.unread.forEach(key -> file.problems.add(key + " is not a setting"));
    if (!file.problems.isEmpty()) {
      throw new RecipeException(
          "Cannot use the recipe %s: %s. conf/train-small.properties explains every setting."
              .formatted(origin, String.join("; ", file.problems)));
    }
    return recipe;
  }

  private static RecipeFile parse(String text, String origin) {
    try {
      return new RecipeFile(text);
    } catch (IOException | IllegalArgumentException e) {
      throw new RecipeException(
          "Cannot use the recipe %s: it is not a properties file: %s. Write a line KEY=VALUE for each setting."
              .formatted(origin, e.getMessage()),
          e);
    }
  }

  private Recipe recipe() {
    return new Recipe(
        new Recipe.Architecture(
            whole("model.d-model", 1, 8_192),
            whole("model.seq-len", 3, 65_536),
            whole("model.cluster-size", 1, 65_536),
            whole("model.layers", 1, 1_000),
            whole("model.local-steps", 1, 1_000),
            truncationSide("model.truncation-side")),
        new Recipe.Start(
            number("start.embedding-deviation", 0.001, 10),
            whole("start.word-vectors", 0, 1_000),
            number("start.gate-bias", -100, 100)),
        new Recipe.Pretraining(
            whole("pretrain.epochs", 0, 1_000),
            number("pretrain.masked", 0.01, 0.99),
            number("pretrain.learning-rate", 0, 10)),
        dropout(),
        new Recipe.Optimizer(
            number("learning-rate", 0, 10),
            number("learning-rate.warm-up", 0, 1),
            number("learning-rate.end", 0, 1),
            number("adamw.beta1", 0, 0.999999),
            number("adamw.beta2", 0, 0.999999),
            number("adamw.epsilon", 1e-12, 1),
            number("adamw.weight-decay", 0, 10),
            number("gradient-norm", 1e-6, 1e9),
            number("average-decay", 0, 1)),
        new Recipe.Schedule(
            wholeOrAuto("epochs", 1, 100_000),
            whole("patience", 1, 100_000),
            wholeOrAuto("batch-size", 1, 1_000_000),
            whole("micro-batch", 1, 100_000_000),
            number("label-smoothing", 0, 1)),
        new Recipe.Teacher(
            number("teacher.share", 0, 1),
            number("teacher.unlabelled-weight", 0, 100),
            whole("teacher.document-vectors", 0, 100_000)),
        new AugmentationSettings(
            number("augment.shuffle", 0, 1),
            number("augment.synonyms", 0, 1),
            number("augment.synonym-words", 0, 1),
            number("augment.combine", 0, 1)),
        new Recipe.Crops(number("crops.share", 0, 1), whole("crops.min-tokens", 3, 65_536)));
  }

  private Dropout dropout() {
    return new Dropout(
        rate("dropout.embedding"),
        rate("dropout.local-input"),
        rate("dropout.local-hidden"),
        rate("dropout.local-update"),
        rate("dropout.attention-weights"),
        rate("dropout.attention"),
        rate("dropout.broadcast"),
        rate("dropout.classifier"));
  }

  private double rate(String key) {
    return number(key, 0, 0.99);
  }

  private TruncationSide truncationSide(String key) {
    Optional<String> value = value(key);
    Optional<TruncationSide> side = value.flatMap(TruncationSide::of);
    if (value.isPresent() && side.isEmpty()) {
      problems.add("%s is %s, not left or right".formatted(key, value.get()));
    }
    return side.orElse(TruncationSide.RIGHT);
  }

  private OptionalInt wholeOrAuto(String key, int least, int greatest) {
    if (AUTO.equals(properties.getProperty(key, "").strip())) {
      unread.remove(key);
      return OptionalInt.empty();
    }
    return OptionalInt.of(whole(key, least, greatest));
  }

  private int whole(String key, int least, int greatest) {
    double number = number(key, least, greatest);
    if (number != Math.rint(number)) {
      problems.add("%s is %s, not a whole number".formatted(key, properties.getProperty(key)));
    }
    return (int) number;
  }

  private double number(String key, double least, double greatest) {
    Optional<String> value = value(key);
    if (value.isEmpty()) {
      return least;
    }
    try {
      double number = Double.parseDouble(value.get());
      if (number >= least && number <= greatest) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    problems.add(
        "%s is %s, not a number from %s to %s"
            .formatted(key, value.get(), plain(least), plain(greatest)));
    return least;
  }

  private Optional<String> value(String key) {
    unread.remove(key);
    Optional<String> value = Optional.ofNullable(properties.getProperty(key)).map(String::strip);
    if (value.isEmpty()) {
      problems.add(key + " is missing");
    }
    return value;
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e9
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }
}
