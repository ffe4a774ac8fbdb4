package swarmformer.checkpoint;

import static swarmformer.checkpoint.ModelException.listed;
import static swarmformer.checkpoint.ModelException.shown;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import swarmformer.checkpoint.Safetensors.Tensor;
import swarmformer.checkpoint.WeightNames.Shaped;

/** Compares the tensors of a file with those that a configuration asks for. */
final class WeightCheck {
  private static final String EMBEDDING = "embedding.embed.weight";

  private final SwarmFormerConfig config;
  private final Map<String, Tensor> found;
  private final long classes;
  private final List<Shaped> expected;

  WeightCheck(SwarmFormerConfig config, Map<String, Tensor> found) {
    this.config = config;
    this.found = found;
    this.classes = classesFound();
    this.expected = WeightNames.inModelOrder(config, classes);
  }

  /** The number of classes, if everything fits. */
  int classes(String origin) {
    List<String> problems = new ArrayList<>(hints());
    addList(problems, "Missing", missing());
    addList(problems, "Not expected", extra());
    addList(problems, "Misshapen", misshapen());
    if (!problems.isEmpty()) {
      throw new ModelException(
          "Cannot use weights from %s: they do not fit config.json. %s. %s."
              .formatted(
                  origin,
                  String.join(". ", problems),
                  "Take config.json and model.safetensors from the same checkpoint"));
    }
    return Math.toIntExact(classes);
  }

  /** The classifier's outer dimension; what config.json says, if there is no classifier. */
  private long classesFound() {
    for (String name : List.of("classifier.weight", "classifier.bias")) {
      if (found.containsKey(name) && !found.get(name).shape().isEmpty()) {
        return found.get(name).shape().get(0);
      }
    }
    return Math.max(2, config.classNames().size());
  }

  private List<String> missing() {
    return expected.stream()
        .filter(tensor -> !found.containsKey(tensor.name()))
        .map(tensor -> tensor.name() + " " + text(tensor.shape()))
        .toList();
  }

  private List<String> extra() {
    Set<String> known = expected.stream().map(Shaped::name).collect(Collectors.toSet());
    return found.values().stream()
        .filter(tensor -> !known.contains(tensor.name()))
        .map(tensor -> shown(tensor.name()) + " " + text(tensor.shape()))
        .toList();
  }

  private List<String> misshapen() {
    return expected.stream()
        .filter(tensor -> found.containsKey(tensor.name()))
        .filter(tensor -> !found.get(tensor.name()).shape().equals(tensor.shape()))
        .map(
            tensor ->
                "%s is %s, expected %s"
                    .formatted(
                        tensor.name(),
                        text(found.get(tensor.name()).shape()),
                        text(tensor.shape())))
        .toList();
  }

  private List<String> hints() {
    List<String> hints = new ArrayList<>();
    if (classes < 2) {
      hints.add("The classifier has " + classes + " class, but at least 2 are needed");
    }
    int names = config.classNames().size();
    if (names != 0 && names != classes) {
      hints.add(
          "config.json names %s classes in id2label but the classifier has %s"
              .formatted(names, classes));
    }
    addEmbeddingHints(hints);
    addLayerHint(hints);
    return hints;
  }

  private void addEmbeddingHints(List<String> hints) {
    Tensor embedding = found.get(EMBEDDING);
    if (embedding == null || embedding.shape().size() != 2) {
      return;
    }
    String is = " but " + EMBEDDING + " is " + text(embedding.shape());
    if (embedding.shape().get(0) != config.vocabSize()) {
      hints.add("config.json says vocab_size " + config.vocabSize() + is);
    }
    if (embedding.shape().get(1) != config.dModel()) {
      hints.add("config.json says d_model " + config.dModel() + is);
    }
  }

  private void addLayerHint(List<String> hints) {
    Set<String> layers = new HashSet<>();
    for (String name : found.keySet()) {
      if (name.startsWith("layers.") && name.indexOf('.', 7) > 0) {
        layers.add(name.substring(7, name.indexOf('.', 7)));
      }
    }
    LongPredicate present = i -> layers.contains(String.valueOf(i));
    long count = LongStream.iterate(0, present, i -> i + 1).count();
    if (count > 0 && count != config.numLayers()) {
      hints.add(
          "config.json says num_layers %s but the weights hold %s"
              .formatted(config.numLayers(), count));
    }
  }

  private static void addList(List<String> problems, String title, List<String> items) {
    if (!items.isEmpty()) {
      problems.add("%s (%s): %s".formatted(title, items.size(), listed(items, "; ")));
    }
  }

  private static String text(List<Long> shape) {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }
}
