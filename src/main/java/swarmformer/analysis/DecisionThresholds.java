package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.metrics.Softmax;

/**
 * What predicting class 1 from another probability up gives, for two classes.
 *
 * @param thresholds from the least probability up
 */
public record DecisionThresholds(List<Threshold> thresholds) {
  private static final double[] PROBABILITIES = {
    0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95
  };

  /**
   * A decision threshold.
   *
   * @param probability least p(class 1) that is predicted as class 1
   * @param predicted rows that are
   * @param precision share of them with label 1; null where there are no rows
   * @param recall share of class 1 that is among them
   * @param falsePositiveRate share of class 0 that is among them
   * @param accuracy share of all rows that are predicted right
   */
  public record Threshold(
      double probability,
      long predicted,
      Double precision,
      double recall,
      double falsePositiveRate,
      double accuracy) {}

  /** Judges rows of both classes whose two logits are finite; null if a class has no row. */
  static DecisionThresholds of(Dataset<Row> judged) {
    Column probability = Softmax.positive();
    Column positive = col("label").equalTo(1);
    List<Column> counts = new ArrayList<>(List.of(count_if(positive)));
    for (double threshold : PROBABILITIES) {
      Column predicted = probability.geq(threshold);
      counts.add(count_if(predicted));
      counts.add(count_if(predicted.and(positive)));
    }
    Row row = judged.agg(count(lit(1)), counts.toArray(Column[]::new)).head();
    long positives = row.getLong(1);
    long negatives = row.getLong(0) - positives;
    if (positives == 0 || negatives == 0) {
      return null;
    }
    List<Threshold> found = new ArrayList<>();
    for (int i = 0; i < PROBABILITIES.length; i++) {
      long predicted = row.getLong(2 + 2 * i);
      long right = row.getLong(3 + 2 * i);
      long wrong = predicted - right;
      found.add(
          new Threshold(
              PROBABILITIES[i],
              predicted,
              predicted == 0 ? null : (double) right / predicted,
              (double) right / positives,
              (double) wrong / negatives,
              (double) (right + negatives - wrong) / row.getLong(0)));
    }
    return new DecisionThresholds(found);
  }
}
