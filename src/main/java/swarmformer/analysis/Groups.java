package swarmformer.analysis;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.data.Columns;
import swarmformer.errors.InputException;
import swarmformer.metrics.Confusion;

/**
 * Rows in groups that are alike, such as reviews of one film: they tell less than as many rows that
 * have nothing to do with each other.
 *
 * @param column whose values are the groups; null is one of them
 * @param number of groups
 * @param interval where the true accuracy lies: Wilson's interval of as many rows as the
 *     cluster-robust standard error is worth, at the quantile of Student's t
 * @param effectiveRows rows without groups that would tell as much
 */
public record Groups(String column, long number, Interval interval, double effectiveRows) {
  /**
   * Looks at the groups of rows.
   *
   * @throws InputException if all rows are in one
   */
  static Groups of(Dataset<Row> judged, String column, Confusion confusion) {
    double share = confusion.accuracy();
    Row sums =
        judged
            .groupBy(coalesce(Columns.quoted(column).cast("string"), lit("(null)")))
            .agg(sum(LabelledRows.RIGHT).as("right"), count(lit(1)).as("rows"))
            .select(col("right").minus(col("rows").multiply(share)).as("excess"))
            .agg(count(lit(1)), sum(col("excess").multiply(col("excess"))))
            .head();
    long groups = sums.getLong(0);
    if (groups < 2) {
      throw new InputException(
          "Cannot cluster by '%s': all rows with a label and a prediction have one value of it. Set --cluster-by to a column that groups them."
              .formatted(column));
    }
    return of(column, groups, share, confusion.total(), sums.getDouble(1));
  }

  /**
   * From sums.
   *
   * @param squares sum over the groups of the square of how many more rows are right than the share
   *     of all makes expect
   */
  static Groups of(String column, long groups, double share, long rows, double squares) {
    double variance = groups / (groups - 1.0) * squares / rows / rows;
    double spread = share * (1 - share);
    double worth =
        spread == 0 ? (double) groups : variance == 0 ? (double) rows : spread / variance;
    double quantile =
        new TDistribution(null, groups - 1.0, 1e-14).inverseCumulativeProbability(0.975);
    return new Groups(column, groups, Interval.wilson(share, worth, quantile), worth);
  }
}
