package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.data.Columns;

/**
 * A wrong prediction.
 *
 * @param id of the row; null where it has none
 * @param label class it has
 * @param prediction class it was taken for
 * @param confidence probability of the predicted class
 * @param labelProbability probability of the class it has
 * @param tokens number of tokens
 * @param truncated whether the text was cut
 * @param text begin of the text, if the predictions carry a column of that name; else null
 */
public record Mistake(
    String id,
    long label,
    long prediction,
    double confidence,
    double labelProbability,
    long tokens,
    boolean truncated,
    String text) {
  private static final int MOST = 20;
  private static final int TEXT_CHARACTERS = 400;

  /** The {@value #MOST} of greatest confidence, then of least id, of rows with finite logits. */
  static List<Mistake> mostConfident(Dataset<Row> judged) {
    Column text =
        LabelledRows.hasColumn(judged, "text")
            ? expr(
                String.format(
                    Locale.ROOT, "substring(CAST(text AS STRING), 1, %d)", TEXT_CHARACTERS))
            : lit(null).cast("string");
    return judged
        .where("prediction <> label")
        .select(
            Columns.idText(judged).as("id"),
            col("label"),
            col("prediction"),
            LabelledRows.confidence(1).as("confidence"),
            exp(negate(LabelledRows.logLoss(1))),
            col("tokens"),
            col("truncated"),
            text)
        .orderBy(col("confidence").desc(), col("id"))
        .limit(MOST)
        .collectAsList()
        .stream()
        .map(Mistake::of)
        .toList();
  }

  private static Mistake of(Row row) {
    return new Mistake(
        row.getString(0),
        row.getInt(1),
        row.getInt(2),
        row.getDouble(3),
        row.getDouble(4),
        row.getInt(5),
        row.getBoolean(6),
        row.getString(7));
  }
}
