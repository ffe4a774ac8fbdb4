package swarmformer.model;

/**
 * Shares of values that training sets to zero.
 *
 * @param embedding of the embedded tokens
 * @param input of what a local step starts from
 * @param hidden of the hidden layer of a local step
 * @param update of the update of a local step
 * @param weights of the attention's weights
 * @param attention of what the attention gives
 * @param broadcast of what a cluster tells its positions
 * @param classifier of the pooled text
 */
public record Dropout(
    double embedding,
    double input,
    double hidden,
    double update,
    double weights,
    double attention,
    double broadcast,
    double classifier) {
  /** No dropout. */
  public static final Dropout NONE = new Dropout(0, 0, 0, 0, 0, 0, 0, 0);

  /** In the order that {@code train.py} takes them. */
  double[] rates() {
    return new double[] {
      embedding, input, hidden, update, weights, attention, broadcast, classifier
    };
  }
}
