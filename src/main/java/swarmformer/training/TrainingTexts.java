package swarmformer.training;

import java.util.List;

/**
 * What a network learns from and is validated on.
 *
 * @param training texts to learn from
 * @param variants what those texts are in each epoch
 * @param validation texts with labels that nothing is learned from
 * @param teachers networks that teach besides the linear model
 */
record TrainingTexts(
    List<Example> training, Variants variants, List<Example> validation, NetworkTeachers teachers) {
  TrainingTexts {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }

  /** What a text is in an epoch. Safe for use by many threads. */
  @FunctionalInterface
  interface Variants {
    /** The text of a row, its tokens in another variant. */
    Example text(int row, int epoch);
  }
}
