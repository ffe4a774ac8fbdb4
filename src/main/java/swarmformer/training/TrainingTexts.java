package swarmformer.training;

import java.util.List;

/**
 * What a network learns from and is validated on.
 *
 * @param training texts to learn from
 * @param validation texts with labels that nothing is learned from
 * @param fingerprint of these texts, the recipe, the seed and the workers
 */
record TrainingTexts(List<Example> training, List<Example> validation, String fingerprint) {
  TrainingTexts {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }
}
