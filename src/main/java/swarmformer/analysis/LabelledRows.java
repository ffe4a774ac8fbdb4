package swarmformer.analysis;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.data.Columns;

/** The rows of predictions that have both a label and a prediction. */
final class LabelledRows {
  /** Whether the prediction is the label: 1 or 0. */
  static final Column RIGHT = expr("if(prediction = label, 1L, 0L)");

  private LabelledRows() {}

  /** Those of a dataset, none where it has no labels. */
  static Dataset<Row> of(Dataset<Row> predictions) {
    return ofLabelled(predictions)
        .where(col("label").isNotNull().and(col("prediction").isNotNull()));
  }

  /** All rows of a dataset, none where it has no labels. */
  static Dataset<Row> ofLabelled(Dataset<Row> predictions) {
    return hasColumn(predictions, "label")
        ? predictions
        : predictions.withColumn("label", expr("CAST(NULL AS INT)")).limit(0);
  }

  static boolean hasColumn(Dataset<Row> rows, String column) {
    return Arrays.asList(rows.columns()).contains(column);
  }

  /** The values of a column as text, never null. */
  static Column textOf(String column) {
    return coalesce(Columns.quoted(column).cast("string"), lit("(null)"));
  }
}
