package swarmformer.analysis;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.metrics.Softmax;

/**
 * Whether predictions are right as often as their probabilities say.
 *
 * @param temperature what the logits were divided by
 * @param logLoss mean of -log p(label), natural logarithm
 * @param expectedError expected calibration error: the mean over all rows of how far confidence and
 *     accuracy of their bin are apart
 * @param greatestError how far they are apart in the worst bin
 * @param bins those with rows, of {@value #BINS} of equal width from 0 to 1; a bin holds its lower
 *     end, the last both
 */
public record CalibrationCurve(
    double temperature,
    double logLoss,
    double expectedError,
    double greatestError,
    List<Bin> bins) {
  private static final int BINS = 20;

  /**
   * Rows of about the same confidence.
   *
   * @param from least confidence of the bin
   * @param to greatest
   * @param rows number of rows
   * @param confidence mean probability of the predicted class
   * @param accuracy share of right predictions
   * @param interval where the true accuracy lies
   */
  public record Bin(
      double from, double to, long rows, double confidence, double accuracy, Interval interval) {
    double error() {
      return Math.abs(confidence - accuracy);
    }
  }

  /** Judges rows, at least one, whose logits are finite. */
  static CalibrationCurve of(Dataset<Row> judged, double temperature) {
    Column bin = least(floor(Softmax.confidence(temperature).multiply(BINS)), lit(BINS - 1L));
    List<Row> counts =
        judged
            .groupBy(bin.as("bin"))
            .agg(
                count(lit(1)),
                avg(Softmax.confidence(temperature)),
                sum(LabelledRows.RIGHT),
                sum(Softmax.logLoss(temperature)))
            .collectAsList();
    List<Bin> bins =
        counts.stream().map(CalibrationCurve::bin).sorted(Comparator.comparing(Bin::from)).toList();
    double rows = bins.stream().mapToLong(Bin::rows).sum();
    return new CalibrationCurve(
        temperature,
        counts.stream().mapToDouble(row -> row.getDouble(4)).sum() / rows,
        bins.stream().mapToDouble(each -> each.rows() * each.error()).sum() / rows,
        bins.stream().mapToDouble(Bin::error).max().orElseThrow(),
        bins);
  }

  private static Bin bin(Row row) {
    long number = row.getLong(0);
    long rows = row.getLong(1);
    long right = row.getLong(3);
    return new Bin(
        (double) number / BINS,
        (number + 1.0) / BINS,
        rows,
        row.getDouble(2),
        (double) right / rows,
        Interval.wilson(right, rows));
  }
}
