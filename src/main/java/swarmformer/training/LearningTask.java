package swarmformer.training;

import java.util.List;
import java.util.SplittableRandom;
import swarmformer.model.TrainableNetwork;

/** What a network learns, in steps of some texts each. */
interface LearningTask {
  /** Tokens of each text, as many as the network reads. */
  int[] lengths();

  /**
   * Reads the texts of a step.
   *
   * @param rows their numbers
   * @param epoch how many times the task has read all texts before
   * @param random for all that is drawn
   */
  Step read(int[] rows, int epoch, SplittableRandom random);

  /** The texts of a step, as the network reads them. Safe for use by many threads. */
  interface Step {
    /** The tokens of each text, the longest text first. */
    List<int[]> ids();

    /** Adds the gradients of some texts to those of a worker. */
    Sums learn(TrainableNetwork network, int worker, int[] texts, long seed);
  }

  /**
   * What learning gave.
   *
   * @param loss its part of the mean over a step
   * @param known how often the network knew the answer
   * @param asked how often it was asked for one that is known
   */
  record Sums(double loss, long known, long asked) {
    static final Sums NONE = new Sums(0, 0, 0);

    Sums plus(Sums other) {
      return new Sums(loss + other.loss, known + other.known, asked + other.asked);
    }

    /** Share of the answers that the network knew. */
    double accuracy() {
      return known / (double) Math.max(1, asked);
    }
  }
}
