package swarmformer.metrics;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
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
  /** Judges rows that have both a label and logits. */
  public static Probabilities of(Dataset<Row> predictions, int classes) {
    Row sums =
        predictions
            .agg(
                avg(Softmax.logLoss(1)),
                avg(classes == 2 ? pow(Softmax.positive().minus(col("label")), 2) : brierOfMany()),
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

  private static Column brierOfMany() {
    Column squares =
        transform(
            Softmax.probabilities(),
            (p, i) -> pow(p.minus(when(i.equalTo(col("label")), 1.0).otherwise(0.0)), 2));
    return aggregate(squares, lit(0.0), Column::plus);
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
