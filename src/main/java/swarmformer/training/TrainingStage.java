package swarmformer.training;

import swarmformer.model.AdamW;

/**
 * A task and its epochs, with a learning rate that rises and falls over all of them.
 *
 * @param name what one of its epochs is called
 * @param before steps of the stages before
 * @param batchSize texts of a step
 * @param optimizer how a step is made
 */
record TrainingStage(
    String name,
    long before,
    LearningTask task,
    int batchSize,
    int epochs,
    Recipe.Optimizer optimizer) {
  /** Steps of all epochs. */
  long steps() {
    return made(epochs, 0);
  }

  /** Steps before one of an epoch, both counted from 0. */
  long made(int epoch, int batch) {
    int stepsOfEpoch = (task.lengths().length + batchSize - 1) / batchSize;
    return (long) epoch * stepsOfEpoch + batch;
  }

  /** Settings of a step. */
  AdamW settings(int epoch, int batch) {
    return optimizer.at(made(epoch, batch), steps());
  }
}
