package swarmformer.metrics;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import swarmformer.checkpoint.SwarmFormerConfig;

/**
 * How right the predictions of a run are.
 *
 * @param rows all rows of the run
 * @param evaluated rows with both a label and a prediction
 * @param withoutLabel rows without a label
 * @param withoutPrediction rows with a label and no prediction
 * @param unrecognised labels that were given and are unrecognised; their rows count as unlabelled
 * @param confusion labels against predictions of the evaluated rows
 * @param probabilities quality of their probabilities
 */
public record Evaluation(
    long rows,
    long evaluated,
    long withoutLabel,
    long withoutPrediction,
    long unrecognised,
    Confusion confusion,
    Probabilities probabilities) {
  private static final DataType MATRIX =
      DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.LongType, false), false);

  /**
   * Evaluates the predictions dataset of a run.
   *
   * @param predictions as written; a run without a label column has no evaluated rows
   * @param classes number of classes of the model
   */
  public static Evaluation of(Dataset<Row> predictions, int classes) {
    boolean labelled = Arrays.asList(predictions.columns()).contains("label");
    Dataset<Row> rows =
        labelled ? predictions : predictions.withColumn("label", lit(null).cast("int"));
    Dataset<Row> judged = rows.where("label IS NOT NULL AND prediction IS NOT NULL");
    Row totals = rows.agg(count(lit(1)), count(col("label"))).head();
    Confusion confusion = Confusion.of(judged, classes);
    return new Evaluation(
        totals.getLong(0),
        confusion.total(),
        totals.getLong(0) - totals.getLong(1),
        totals.getLong(1) - confusion.total(),
        0,
        confusion,
        Probabilities.of(judged, classes));
  }

  /** The evaluation with what predictions do not tell: how many labels are unrecognised. */
  public Evaluation withUnrecognised(long unrecognisedLabels) {
    return new Evaluation(
        rows,
        evaluated,
        withoutLabel,
        withoutPrediction,
        unrecognisedLabels,
        confusion,
        probabilities);
  }

  /**
   * Names of the classes of the model that made predictions, whether it has scored a row or not.
   */
  public static List<String> classNames(Dataset<Row> predictions, SwarmFormerConfig config) {
    List<Row> scored =
        predictions.where("logits IS NOT NULL").select(size(col("logits"))).takeAsList(1);
    int classes = scored.isEmpty() ? config.classNames().size() : scored.get(0).getInt(0);
    return config.classNames(Math.max(2, classes));
  }

  /** What a reader must know about the figures, one sentence each; empty if nothing. */
  public List<String> notes() {
    return EvaluationNotes.of(this);
  }

  /** Adds the figures to those of a report. */
  public void describe(Fields fields) {
    fields.count("rows", rows);
    fields.count("evaluated", evaluated);
    fields.count("without_label", withoutLabel);
    fields.count("without_prediction", withoutPrediction);
    fields.number("accuracy", confusion.accuracy());
    fields.number("base_rate", confusion.baseRate());
    fields.number("precision", confusion.precision());
    fields.number("recall", confusion.recall());
    fields.number("f1", confusion.f1());
    fields.number("roc_auc", probabilities.rocAuc());
    fields.number("average_precision", probabilities.averagePrecision());
    fields.number("log_loss", probabilities.logLoss());
    fields.number("brier_score", probabilities.brier());
    fields.add("confusion_matrix", MATRIX, confusion.counts());
    fields.add("notes", DataTypes.createArrayType(DataTypes.StringType, false), notes());
  }
}
