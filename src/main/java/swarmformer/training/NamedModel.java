package swarmformer.training;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.WeightNames;
import swarmformer.checkpoint.WeightNames.Shaped;
import swarmformer.tokens.Tokenizer;

/**
 * A trained model that a training starts from or that teaches it.
 *
 * @param name how the user calls it
 * @param sha256 of its weights
 * @param checkpoint its network
 */
public record NamedModel(String name, String sha256, Checkpoint checkpoint) {
  /**
   * A model to start from, for whatever classes.
   *
   * @throws RecipeException if its weights do not fit the recipe's sizes or the tokenizer
   */
  public static NamedModel toStartFrom(ModelFiles files, Recipe recipe) {
    Checkpoint model = Checkpoint.parse(files);
    if (model.config().vocabSize() != Tokenizer.VOCABULARY_SIZE) {
      throw ofOtherVocabulary("start", model.config(), files, "--from");
    }
    SwarmFormerConfig wanted = recipe.architecture().config(model.config().classNames());
    List<Shaped> shapes =
        model.weights().tensors().stream()
            .map(tensor -> new Shaped(tensor.name(), tensor.shape()))
            .toList();
    if (!shapes.equals(WeightNames.inModelOrder(wanted, model.weights().classes()))) {
      throw new RecipeException(
          "Cannot start from %s: it has %s, and the recipe %s. Set model.d-model and model.layers in the recipe to the model's, or name another --from."
              .formatted(files.name(), sizes(model.config()), sizes(wanted)));
    }
    return new NamedModel(files.name(), files.sha256(), model);
  }

  /** Settings of the recipe that fit the weights, but are not the model's: one sentence each. */
  public List<String> differences(Recipe recipe) {
    SwarmFormerConfig its = checkpoint.config();
    Recipe.Architecture wanted = recipe.architecture();
    return Stream.of(
            difference("seq-len", wanted.seqLen(), its.seqLen()),
            difference("cluster-size", wanted.clusterSize(), its.clusterSize()),
            difference("local-steps", wanted.localSteps(), its.localSteps()),
            difference(
                "truncation-side", wanted.truncationSide().text(), its.truncationSide().text()))
        .flatMap(Optional::stream)
        .toList();
  }

  private <T> Optional<String> difference(String setting, T wanted, T its) {
    return wanted.equals(its)
        ? Optional.empty()
        : Optional.of(
            "model.%s is %s in the recipe, but %s in %s, whose weights were trained with that. Set it to %s, unless you mean it."
                .formatted(setting, wanted, its, name, its));
  }

  /**
   * A model that teaches, of whatever sizes.
   *
   * @throws RecipeException if it is for other classes or lacks tokens
   */
  public static NamedModel toTeach(ModelFiles files, List<String> classes) {
    Checkpoint model = Checkpoint.parse(files);
    if (model.config().vocabSize() < Tokenizer.VOCABULARY_SIZE) {
      throw ofOtherVocabulary("learn", model.config(), files, "--teacher");
    }
    if (!model.classNames().equals(classes)) {
      throw new RecipeException(
          "Cannot learn from %s: its classes are %s, not %s. Set --classes to the model's, in their order, or name another --teacher."
              .formatted(
                  files.name(), String.join(",", model.classNames()), String.join(",", classes)));
    }
    return new NamedModel(files.name(), files.sha256(), model);
  }

  private static RecipeException ofOtherVocabulary(
      String verb, SwarmFormerConfig config, ModelFiles files, String option) {
    return new RecipeException(
        String.format(
            Locale.ROOT,
            "Cannot %s from %s: its vocab_size is %,d, and the tokenizer has %,d tokens. Name another %s.",
            verb,
            files.name(),
            config.vocabSize(),
            Tokenizer.VOCABULARY_SIZE,
            option));
  }

  private static String sizes(SwarmFormerConfig config) {
    return String.format(
        Locale.ROOT, "d_model %d and %d layers", config.dModel(), config.numLayers());
  }
}
