package swarmformer.metrics;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.sum;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What became of the rows of a run.
 *
 * @param rows all rows
 * @param scored rows with a prediction
 * @param truncated scored rows whose text was cut
 * @param tokens token ids of the scored rows
 * @param errors rows without a prediction, by the kind of their error
 * @param bySentiment scored rows, by the name of the predicted class
 */
public record RowCounts(
    long rows,
    long scored,
    long truncated,
    long tokens,
    Map<String, Long> errors,
    Map<String, Long> bySentiment) {
  /** Counts predictions. */
  public static RowCounts of(Dataset<Row> predictions) {
    Row totals =
        predictions
            .agg(
                count(lit(1)),
                count(col("prediction")),
                coalesce(sum(col("truncated").cast("long")), lit(0L)),
                coalesce(sum(col("tokens").cast("long")), lit(0L)))
            .head();
    return new RowCounts(
        totals.getLong(0),
        totals.getLong(1),
        totals.getLong(2),
        totals.getLong(3),
        countBy(predictions, substring_index(col("error"), ":", 1)),
        countBy(predictions, col("sentiment")));
  }

  private static Map<String, Long> countBy(Dataset<Row> predictions, Column key) {
    Map<String, Long> counts = new TreeMap<>();
    predictions
        .groupBy(key.as("key"))
        .count()
        .where(col("key").isNotNull())
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }
}
