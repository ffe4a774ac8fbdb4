package swarmformer.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What each epoch gave.
 *
 * @param pretraining those before the others
 * @param epochs those that learn the classes
 * @param parts how the network got better within them
 */
public record TrainingHistory(List<Pretraining> pretraining, List<Epoch> epochs, List<Part> parts) {
  /** Nothing yet. */
  static final TrainingHistory NONE = new TrainingHistory(List.of(), List.of(), List.of());

  /** Keeps copies of the lists. */
  public TrainingHistory {
    pretraining = List.copyOf(pretraining);
    epochs = List.copyOf(epochs);
    parts = List.copyOf(parts);
  }

  /**
   * An epoch of pretraining.
   *
   * @param epoch its number, from 1
   * @param loss mean cross entropy of the guessed tokens, among those of a step and some others
   * @param accuracy share of them that were guessed right
   * @param seconds what it took
   */
  public record Pretraining(int epoch, double loss, double accuracy, double seconds) {}

  /**
   * An epoch.
   *
   * @param epoch its number, from 1; 0 stands for the first weights, before any step
   * @param loss mean cross entropy with the targets in training, dropout included; of epoch 0 no
   *     number
   * @param accuracy share of the labelled texts that the network knew in training, dropout
   *     included; of epoch 0 no number
   * @param validationLoss mean cross entropy with the labels of the validation
   * @param validationAccuracy share of the validation that it knew
   * @param seconds what it took, the validation included
   */
  public record Epoch(
      int epoch,
      double loss,
      double accuracy,
      double validationLoss,
      double validationAccuracy,
      double seconds) {
    /** Whether there was something to validate on; if not, its figures are no numbers. */
    public boolean validated() {
      return !Double.isNaN(validationLoss);
    }

    /** Whether it has made steps. */
    public boolean trained() {
      return epoch > 0;
    }

    private boolean isNoBetterThan(Epoch other) {
      return validationAccuracy < other.validationAccuracy
          || (validationAccuracy == other.validationAccuracy
              && validationLoss >= other.validationLoss);
    }

    /** What it is called in a sentence. */
    public String text() {
      return trained() ? "epoch " + epoch : "the first weights";
    }
  }

  /**
   * A part of an epoch that learns the classes.
   *
   * @param from epochs before it: 0.9 for the last tenth of the first
   * @param to epochs until its end
   * @param loss as of an epoch
   * @param accuracy as of an epoch
   */
  public record Part(double from, double to, double loss, double accuracy) {}

  TrainingHistory plus(Pretraining epoch) {
    return new TrainingHistory(with(pretraining, epoch), epochs, parts);
  }

  TrainingHistory plus(Epoch epoch) {
    return new TrainingHistory(pretraining, with(epochs, epoch), parts);
  }

  TrainingHistory plus(Part part) {
    return new TrainingHistory(pretraining, epochs, with(parts, part));
  }

  private static <T> List<T> with(List<T> list, T last) {
    List<T> more = new ArrayList<>(list);
    more.add(last);
    return more;
  }

  /**
   * The epoch of the highest accuracy on the validation, of several the first of the lowest loss;
   * without a validation, the last.
   */
  public Optional<Epoch> best() {
    return epochs.stream().reduce((best, next) -> next.isNoBetterThan(best) ? best : next);
  }

  /** Whether so many epochs have made steps since the first of the highest accuracy. */
  boolean outOf(int patience) {
    List<Epoch> trained = epochs.stream().filter(Epoch::trained).toList();
    return trained.stream()
        .reduce((best, next) -> next.validationAccuracy <= best.validationAccuracy ? best : next)
        .map(best -> trained.size() - best.epoch >= patience)
        .orElse(false);
  }
}
