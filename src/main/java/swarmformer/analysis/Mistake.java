package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.data.Columns;
import swarmformer.metrics.Softmax;

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
 * @param text the text, cut to the part that the network read where that is known; null if the
 *     predictions carry no column of that name, or more than {@value #TEXT_CHARACTERS} characters
 * @param tip what tipped the prediction; null where that was not looked for
 */
public record Mistake(
    String id,
    long label,
    long prediction,
    double confidence,
    double labelProbability,
    long tokens,
    boolean truncated,
    String text,
    Tip tip) {
  private static final int MOST = 20;

  /** No longer text is brought to the driver: the network reads only a part, at either end. */
  private static final int TEXT_CHARACTERS = 100_000;

  /**
   * What tipped a prediction.
   *
   * @param sentence the one without which the predicted class is least likely; null if there is but
   *     one
   * @param confidence probability of the predicted class without it; null without a sentence
   * @param words of it without which the class is less likely, the most important one first
   */
  public record Tip(String sentence, Double confidence, String words) {}

  /** The mistake with the text that the network read, and what tipped it. */
  public Mistake read(String part, Tip tipping) {
    return new Mistake(
        id, label, prediction, confidence, labelProbability, tokens, truncated, part, tipping);
  }

  /** The {@value #MOST} of greatest confidence, then of least id, of rows with finite logits. */
  static List<Mistake> mostConfident(Dataset<Row> judged) {
    Column text =
        LabelledRows.hasColumn(judged, "text")
            ? when(length(col("text").cast("string")).leq(TEXT_CHARACTERS), col("text"))
                .cast("string")
            : lit(null).cast("string");
    return judged
        .where("prediction <> label")
        .select(
            Columns.idText(judged).as("id"),
            col("label"),
            col("prediction"),
            Softmax.confidence(1).as("confidence"),
            exp(negate(Softmax.logLoss(1))),
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
        row.getString(7),
        null);
  }
}
