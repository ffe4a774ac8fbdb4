package swarmformer.metrics;

import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Column;

/**
 * Probabilities of classes as columns of rows, computed in double precision from their column
 * {@code logits}, which are finite.
 */
public final class Softmax {
  /** Of each class, exp(logit - greatest) at a temperature; the greatest is looked for once. */
  private static final String EXPONENTIALS =
      "transform(array(double(array_max(logits))), greatest ->"
          + " transform(logits, logit -> exp((double(logit) - greatest) / %s)))[0]";

  private Softmax() {}

  /** Probability of the predicted class when all logits are divided by a temperature. */
  public static Column confidence(double temperature) {
    return expr("1D / " + normaliser(temperature));
  }

  /** -log p(label), natural logarithm, when all logits are divided by a temperature. */
  public static Column logLoss(double temperature) {
    return expr(
        "log(%s) + (double(array_max(logits)) - double(logits[label])) / %s"
            .formatted(normaliser(temperature), literal(temperature)));
  }

  /** Probability of each class, an array. */
  public static Column probabilities() {
    return expr(
        "transform(array(%s), total -> transform(%s, each -> each / total))[0]"
            .formatted(normaliser(1), exponentials(1)));
  }

  /** Of two classes p(class 1), without the loss of precision near 1 that a division would have. */
  public static Column positive() {
    return expr("1D / (1D + exp(double(logits[0]) - double(logits[1])))");
  }

  private static String normaliser(double temperature) {
    return "aggregate(%s, 0D, (total, each) -> total + each)".formatted(exponentials(temperature));
  }

  private static String exponentials(double temperature) {
    return EXPONENTIALS.formatted(literal(temperature));
  }

  private static String literal(double value) {
    return value + "D";
  }
}
