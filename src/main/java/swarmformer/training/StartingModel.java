package swarmformer.training;

import java.util.List;
import java.util.Locale;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.WeightNames;
import swarmformer.checkpoint.WeightNames.Shaped;
import swarmformer.checkpoint.Weights;

/**
 * A model whose weights a training starts from.
 *
 * @param name how the user calls it
 * @param sha256 of its weights
 * @param weights as the recipe's network has them
 */
public record StartingModel(String name, String sha256, Weights weights) {
  /**
   * Takes a model.
   *
   * @throws RecipeException if its weights do not fit the recipe's sizes or the number of classes
   */
  public static StartingModel of(ModelFiles files, Recipe recipe, List<String> classNames) {
    Checkpoint model = Checkpoint.parse(files);
    SwarmFormerConfig wanted = recipe.architecture().config(classNames);
    List<Shaped> shapes =
        model.weights().tensors().stream()
            .map(tensor -> new Shaped(tensor.name(), tensor.shape()))
            .toList();
    if (!shapes.equals(WeightNames.inModelOrder(wanted, classNames.size()))) {
      throw new RecipeException(
          "Cannot start from %s: it has %s, and the recipe with --classes %s. Set model.d-model and model.layers in the recipe to the model's, or name another --from."
              .formatted(
                  files.name(),
                  sizes(model.config(), model.weights().classes()),
                  sizes(wanted, classNames.size())));
    }
    return new StartingModel(files.name(), files.sha256(), model.weights());
  }

  private static String sizes(SwarmFormerConfig config, int classes) {
    return String.format(
        Locale.ROOT,
        "d_model %d, %d layers and %d classes",
        config.dModel(),
        config.numLayers(),
        classes);
  }
}
