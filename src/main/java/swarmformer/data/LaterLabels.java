package swarmformer.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.storage.StorageLevel;
import swarmformer.errors.InputException;

/**
 * Labels that came after the texts were scored, found by id. Where the labels have no ids, those
 * made from their texts serve.
 *
 * @param name what messages call the source
 * @param found what is in their column, of the rows of the predictions
 * @param rows each id (STRING) once, with its class number (INT)
 */
public record LaterLabels(String name, LabelValues found, Dataset<Row> rows) {
  /**
   * Reads the labels of some predictions. Others, as of nights of another model, may be anything.
   *
   * @param classNames of the model that has scored
   * @throws InputException if they cannot be read, most are no classes, or one id has several
   */
  public static LaterLabels read(
      SparkSession spark, TextSource source, List<String> classNames, Dataset<Row> predictions) {
    Dataset<Row> input;
    Columns.OfLabels columns;
    try {
      input = Reader.open(spark, source);
      columns = Columns.ofLabels(input.schema(), source);
      checkParsed(input, columns, source);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofReading(source, e);
    }
    StructField field = columns.label();
    Column label = Labels.toClass(field, source.labelMap(), classNames);
    try {
      Dataset<Row> ids =
          predictions.select(Columns.idText(predictions).as(PredictionColumns.ID_OF_LABEL));
      Dataset<Row> theirs =
          input.join(ids, columns.id().equalTo(col(PredictionColumns.ID_OF_LABEL)), "left_semi");
      LabelValues found = LabelValues.tally(theirs, field, source.labelMap(), classNames);
      found.check(source, classNames);
      Dataset<Row> each =
          theirs
              .select(columns.id().as("id"), label.as("label"))
              .where("id IS NOT NULL AND label IS NOT NULL")
              .groupBy("id")
              .agg(min("label").as("label"), max("label").as("other"))
              .persist(StorageLevel.MEMORY_AND_DISK());
      checkUnambiguous(each, source);
      return new LaterLabels(source.name(), found, each.drop("other"));
    } catch (Exception e) { // of either: they are joined
      throw Failures.ofReading(source.name() + " and the predictions", e);
    }
  }

  /**
   * Predictions with these labels instead of their own, persisted.
   *
   * @throws InputException if no label is of a row of theirs
   */
  public Dataset<Row> of(Dataset<Row> predictions) {
    Dataset<Row> labelled = join(predictions).persist(StorageLevel.MEMORY_AND_DISK());
    checkFound(labelled, name);
    return labelled;
  }

  /** Predictions with these labels instead of their own, null where there is none. */
  public Dataset<Row> join(Dataset<Row> predictions) {
    Dataset<Row> labels = rows.withColumnRenamed("id", PredictionColumns.ID_OF_LABEL);
    return predictions
        .drop("label")
        .join(
            labels, Columns.idText(predictions).equalTo(col(PredictionColumns.ID_OF_LABEL)), "left")
        .drop(PredictionColumns.ID_OF_LABEL);
  }

  /**
   * Checks what was joined.
   *
   * @param name what messages call the source of the labels
   * @throws InputException if no row has a label
   */
  public static void checkFound(Dataset<Row> labelled, String name) {
    if (labelled.where(col("label").isNotNull()).isEmpty()) {
      throw new InputException(
          "Cannot evaluate with %s: none of its ids is an id of the predictions. Set --id-col to the ids that were scored; texts that were scored without ids have made ones, which --labels finds by the same texts."
              .formatted(name));
    }
  }

  private static void checkParsed(Dataset<Row> input, Columns.OfLabels columns, TextSource source) {
    if (!columns.hasMalformed()) {
      return;
    }
    // Spark refuses to read the column of broken records alone.
    Column label = Columns.quoted(columns.label().name());
    long malformed =
        input
            .agg(count(when(col(Reader.MALFORMED_RECORD).isNotNull(), lit(1))), count(label))
            .head()
            .getLong(0);
    if (malformed > 0) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot read the labels of %s: %,d records cannot be parsed. Fix them.",
              source.name(),
              malformed));
    }
  }

  private static void checkUnambiguous(Dataset<Row> each, TextSource source) {
    Column several = not(col("label").equalTo(col("other")));
    Row found = each.agg(count(when(several, lit(1))), min(when(several, col("id")))).head();
    if (found.getLong(0) > 0) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot take the labels of %s: %,d ids have several that differ, as '%s'. Leave one for each.",
              source.name(),
              found.getLong(0),
              found.getString(1)));
    }
  }
}
