package swarmformer.analysis;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.sum;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the rows of a run are like.
 *
 * @param rows all rows
 * @param distinctIds distinct ids
 * @param repeatedIds ids that several rows have
 * @param rowsOfRepeatedIds rows that have one of those
 * @param truncated rows whose text was cut
 * @param tokens lengths in tokens of the scored rows; null where there are none
 */
public record InputFacts(
    long rows,
    long distinctIds,
    long repeatedIds,
    long rowsOfRepeatedIds,
    long truncated,
    Lengths tokens) {
  /**
   * How long texts are. Percentiles lie between two neighbours where they must.
   *
   * @param least of all
   * @param p5 5 of 100 are not longer
   * @param p25 25 of 100 are not longer
   * @param median half are not longer
   * @param p75 75 of 100 are not longer
   * @param p95 95 of 100 are not longer
   * @param greatest of all
   * @param mean of all
   */
  public record Lengths(
      long least,
      double p5,
      double p25,
      double median,
      double p75,
      double p95,
      long greatest,
      double mean) {}

  /** Looks at all predictions of a run. */
  static InputFacts of(Dataset<Row> predictions) {
    Column repeated = col("count").gt(1);
    Row ids =
        predictions
            .where(col("id").isNotNull())
            .groupBy("id")
            .count()
            .agg(
                count(lit(1)),
                sum(repeated.cast("long")),
                sum(repeated.cast("long").multiply(col("count"))))
            .head();
    Column tokens = col("tokens");
    Row rows =
        predictions
            .agg(
                count(lit(1)),
                sum(col("truncated").cast("long")),
                min(tokens).cast("long"),
                percentile(tokens, lit(0.05)),
                percentile(tokens, lit(0.25)),
                percentile(tokens, lit(0.5)),
                percentile(tokens, lit(0.75)),
                percentile(tokens, lit(0.95)),
                max(tokens).cast("long"),
                avg(tokens))
            .head();
    return new InputFacts(
        rows.getLong(0),
        ids.getLong(0),
        ids.isNullAt(1) ? 0 : ids.getLong(1),
        ids.isNullAt(2) ? 0 : ids.getLong(2),
        rows.isNullAt(1) ? 0 : rows.getLong(1),
        rows.isNullAt(2) ? null : lengths(rows));
  }

  private static Lengths lengths(Row rows) {
    return new Lengths(
        rows.getLong(2),
        rows.getDouble(3),
        rows.getDouble(4),
        rows.getDouble(5),
        rows.getDouble(6),
        rows.getDouble(7),
        rows.getLong(8),
        rows.getDouble(9));
  }
}
