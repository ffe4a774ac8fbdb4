package swarmformer.training;

/** Told how far training is, for a person who waits. */
public interface TrainingProgress {
  /**
   * Some steps were made.
   *
   * @param epoch the epoch they belong to, as it is called
   * @param share of the whole training that is done, from 0 to 1
   * @param loss mean of this epoch so far
   * @param accuracy of this epoch so far, dropout included
   * @param textsPerSecond since training started or was taken up again
   */
  void steps(String epoch, double share, double loss, double accuracy, double textsPerSecond);

  /** An epoch of pretraining is done. */
  void pretraining(TrainingHistory.Pretraining epoch);

  /** An epoch is done. */
  void epoch(TrainingHistory.Epoch epoch);
}
