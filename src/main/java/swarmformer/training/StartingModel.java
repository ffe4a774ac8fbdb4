package swarmformer.training;

import java.util.List;
import java.util.Locale;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.WeightNames;
import swarmformer.checkpoint.WeightNames.Shaped;

/**
 * A model whose weights a training starts from.
 *
 * @param name how the user calls it
 * @param sha256 of its weights
 * @param checkpoint a network of the recipe's sizes, for whatever classes
 */
public record StartingModel(String name, String sha256, Checkpoint checkpoint) {
  /**
   * Takes a model.
   *
   * @throws RecipeException if its weights do not fit the recipe's sizes
   */
  public static StartingModel of(ModelFiles files, Recipe recipe) {
    Checkpoint model = Checkpoint.parse(files);
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
    return new StartingModel(files.name(), files.sha256(), model);
  }

  private static String sizes(SwarmFormerConfig config) {
    return String.format(
        Locale.ROOT, "d_model %d and %d layers", config.dModel(), config.numLayers());
  }
}
