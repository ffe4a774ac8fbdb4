package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.metrics.ThinCurve;

/**
 * What is gained by leaving rows of little confidence to people. Rows of equal confidence are taken
 * together.
 *
 * @param curve from the greatest confidence down, thinned as {@link ThinCurve} says
 * @param targets the most rows that can be decided at an allowed error
 * @param thresholds what is decided from a given confidence up
 */
public record Coverage(List<Cut> curve, List<Target> targets, List<Threshold> thresholds) {
  private static final double[] ALLOWED_ERRORS = {0.01, 0.02, 0.05};
  private static final double[] CONFIDENCES = {0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};

  /**
   * The rows from a confidence up.
   *
   * @param confidence least probability of the predicted class
   * @param coverage share of all rows
   * @param error share of them that is wrong
   */
  public record Cut(double confidence, double coverage, double error) {}

  /**
   * The most rows that can be decided.
   *
   * @param allowedError greatest share of wrong ones among them
   * @param rows their number, 0 where even the surest are wrong too often
   * @param coverage their share of all rows
   * @param confidence least probability of the predicted class; null where there are no rows
   * @param error share of them that is wrong; null where there are no rows
   */
  public record Target(
      double allowedError, long rows, double coverage, Double confidence, Double error) {}

  /**
   * What is decided from a given confidence up.
   *
   * @param confidence least probability of the predicted class
   * @param rows number of rows
   * @param coverage their share of all rows
   * @param wrong how many of them are wrong
   * @param error their share; null where there are no rows
   */
  public record Threshold(
      double confidence, long rows, double coverage, long wrong, Double error) {}

  /**
   * Goes through rows whose logits are finite. Each distinct confidence passes through the driver
   * once, a partition at a time.
   *
   * @param total number of rows, at least 1
   */
  static Coverage of(Dataset<Row> judged, long total) {
    Iterator<Row> confidences =
        judged
            .groupBy(Judgements.confidence(1).as("confidence"))
            .agg(count(lit(1)), sum(Judgements.RIGHT))
            .orderBy(col("confidence").desc())
            .toLocalIterator();
    Descent descent = new Descent(total);
    confidences.forEachRemaining(
        row -> descent.take(row.getDouble(0), row.getLong(1), row.getLong(2)));
    return descent.coverage();
  }

  /** Goes through the distinct confidences from the greatest down. */
  private static final class Descent {
    private final double total;
    private final ThinCurve<Cut> curve = new ThinCurve<>();
    private final Target[] targets = new Target[ALLOWED_ERRORS.length];
    private final Threshold[] thresholds = new Threshold[CONFIDENCES.length];
    private long rows;
    private long wrong;

    Descent(long total) {
      this.total = total;
      for (int i = 0; i < targets.length; i++) {
        targets[i] = new Target(ALLOWED_ERRORS[i], 0, 0, null, null);
      }
      for (int i = 0; i < thresholds.length; i++) {
        thresholds[i] = new Threshold(CONFIDENCES[i], 0, 0, 0, null);
      }
    }

    void take(double confidence, long more, long right) {
      rows += more;
      wrong += more - right;
      double coverage = rows / total;
      double error = (double) wrong / rows;
      curve.add(new Cut(confidence, coverage, error), coverage, error);
      for (int i = 0; i < targets.length; i++) {
        if (error <= ALLOWED_ERRORS[i]) {
          targets[i] = new Target(ALLOWED_ERRORS[i], rows, coverage, confidence, error);
        }
      }
      for (int i = 0; i < thresholds.length; i++) {
        if (confidence >= CONFIDENCES[i]) {
          thresholds[i] = new Threshold(CONFIDENCES[i], rows, coverage, wrong, error);
        }
      }
    }

    Coverage coverage() {
      return new Coverage(curve.points(), List.of(targets), List.of(thresholds));
    }
  }
}
