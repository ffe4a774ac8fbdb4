package swarmformer.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What each epoch gave. */
public record History(List<Epoch> epochs) {
  /** Keeps a copy of the list. */
  public History {
    epochs = List.copyOf(epochs);
  }

  /**
   * An epoch.
   *
   * @param epoch its number, from 1
   * @param loss mean cross entropy with the targets in training, dropout included
   * @param accuracy share of the labelled texts that the network knew in training, dropout included
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
  }

  History plus(Epoch epoch) {
    List<Epoch> more = new ArrayList<>(epochs);
    more.add(epoch);
    return new History(more);
  }

  /** The first epoch of the highest accuracy on the validation; without one, the last. */
  public Optional<Epoch> best() {
    return epochs.stream()
        .reduce((best, next) -> next.validationAccuracy <= best.validationAccuracy ? best : next);
  }

  /** Whether so many epochs have passed since the best. */
  boolean outOf(int patience) {
    return best().map(best -> epochs.size() - best.epoch >= patience).orElse(false);
  }
}
