package swarmformer.metrics;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How good the probabilities are, computed from the logits in double precision.
 *
 * @param logLoss mean of -log p(label), natural logarithm; null without rows, or if a logit is not
 *     finite
 * @param brier mean squared error of the probabilities: of class 1 for two classes, summed over the
 *     classes for more; null without rows, or if a logit is not finite
 * @param ranking how well they sort the rows; null unless there are two classes, rows of both, and
 *     all logits are finite
 */
public record Probabilities(Double logLoss, Double brier, Ranking ranking) {
  /** Sum of exp(logit - greatest logit). */
  private static final String NORMALISER =
      "aggregate(logits, 0D, (total, logit) -> total + exp(double(logit) - array_max(logits)))";

  private static final String LOG_LOSS =
      "log(" + NORMALISER + ") + array_max(logits) - double(logits[label])";

  /** p(class 1), without the loss of precision near 1 that a division would have. */
  private static final String POSITIVE = "1D / (1D + exp(double(logits[0]) - double(logits[1])))";

  private static final String BRIER_OF_TWO = "pow(" + POSITIVE + " - label, 2)";

  private static final String BRIER_OF_MANY =
      "aggregate(sequence(0, size(logits) - 1), 0D, (total, class) -> total + pow("
          + "exp(double(logits[class]) - array_max(logits)) / "
          + NORMALISER
          + " - if(class = label, 1D, 0D), 2))";

  /** Judges rows that have both a label and logits. */
  public static Probabilities of(Dataset<Row> predictions, int classes) {
    Row sums =
        predictions
            .agg(
                avg(expr(LOG_LOSS)),
                avg(expr(classes == 2 ? BRIER_OF_TWO : BRIER_OF_MANY)),
                sum(col("label").cast("long")),
                count(lit(1)))
            .head();
    Double logLoss = sums.getAs(0);
    if (logLoss == null || !Double.isFinite(logLoss)) {
      return new Probabilities(null, null, null);
    }
    Ranking ranking = classes == 2 ? ranking(predictions, sums.getLong(2), sums.getLong(3)) : null;
    return new Probabilities(logLoss, sums.getDouble(1), ranking);
  }

  private static Ranking ranking(Dataset<Row> predictions, long positives, long rows) {
    long negatives = rows - positives;
    return positives == 0 || negatives == 0 ? null : Ranking.of(predictions, positives, negatives);
  }

  /** Area under the ROC curve of class 1; null where there is no ranking. */
  public Double rocAuc() {
    return ranking == null ? null : ranking.rocAuc();
  }

  /** Average precision of class 1; null where there is no ranking. */
  public Double averagePrecision() {
    return ranking == null ? null : ranking.averagePrecision();
  }
}
