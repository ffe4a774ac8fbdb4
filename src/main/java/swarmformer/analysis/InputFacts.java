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
    Row rows =
        predictions
            .agg(count(lit(1)), count(col("tokens")), sum(col("truncated").cast("long")))
            .head();
    return new InputFacts(
        rows.getLong(0),
        ids.getLong(0),
        ids.isNullAt(1) ? 0 : ids.getLong(1),
        ids.isNullAt(2) ? 0 : ids.getLong(2),
        rows.isNullAt(2) ? 0 : rows.getLong(2),
        rows.getLong(1) == 0 ? null : lengths(predictions));
  }

  private static Lengths lengths(Dataset<Row> predictions) {
    Column tokens = col("tokens");
    Row row =
        predictions
            .agg(
                min(tokens).cast("long"),
                percentile(tokens, lit(0.05)),
                percentile(tokens, lit(0.25)),
                percentile(tokens, lit(0.5)),
                percentile(tokens, lit(0.75)),
                percentile(tokens, lit(0.95)),
                max(tokens).cast("long"),
                avg(tokens))
            .head();
    return new Lengths(
        row.getLong(0),
        row.getDouble(1),
        row.getDouble(2),
        row.getDouble(3),
        row.getDouble(4),
        row.getDouble(5),
        row.getLong(6),
        row.getDouble(7));
  }
}
