package swarmformer.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.data.Columns;
import swarmformer.data.TextSource;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;
import swarmformer.training.Labelled;

/** Texts of a source on the driver, in the order of their ids. */
record LabelledTexts(List<Labelled> texts, long leftOut) {
  /**
   * Reads texts with their labels; rows without text or label, and broken ones, are left out.
   *
   * @param group column of the groups; where there is none, each text is one
   * @throws InputException if there is no text with a label
   */
  static LabelledTexts labelled(
      SparkSession spark, TextSource source, Optional<String> group, List<String> classes) {
    Texts texts = Texts.read(spark, source, classes, rows -> grouped(rows, group));
    Texts.Counts counts = texts.counts();
    if (counts.unreadableLabels() > 0) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot learn from %s: %,d labels are none of %s. Name the classes with --classes, in order, or fix the labels.",
              source.name(),
              counts.unreadableLabels(),
              classes));
    }
    if (counts.labelled() == 0) {
      throw new InputException(
          "Cannot learn from %s: no text has a label. Set --label-col.".formatted(source.name()));
    }
    LabelledTexts read = read(texts, counts, col("label"), group);
    if (read.texts().isEmpty()) {
      throw new InputException(
          "Cannot learn from %s: no row with a label has a text. Set --text-col."
              .formatted(source.name()));
    }
    return read;
  }

  /**
   * Reads texts whose labels, if any, are not looked at; rows without text, and broken ones, are
   * left out.
   *
   * @param group column of the groups; where there is none, each text is one
   */
  static LabelledTexts unlabelled(
      SparkSession spark, TextSource source, Optional<String> group, List<String> classes) {
    Texts texts = Texts.read(spark, source, classes, rows -> grouped(rows, group));
    return read(texts, texts.counts(), lit(Labelled.UNLABELLED), group);
  }

  private static Dataset<Row> grouped(Dataset<Row> rows, Optional<String> group) {
    return group.isEmpty() || List.of(rows.columns()).contains(group.get())
        ? rows
        : rows.withColumn(group.get(), lit(null).cast("string"));
  }

  private static LabelledTexts read(
      Texts texts, Texts.Counts counts, Column label, Optional<String> group) {
    Dataset<Row> rows =
        texts
            .rows()
            .where(not(col(Texts.MALFORMED)))
            .select(
                col(Texts.CONTENT).as("text"),
                label.as("label"),
                group.map(Columns::quoted).orElse(lit(null)).cast("string").as("group"),
                Columns.idText(texts.rows()).as("id"))
            .where("text IS NOT NULL AND label IS NOT NULL")
            .sort("id", "text", "label", "group");
    List<Labelled> read = new ArrayList<>();
    for (Row row : rows.collectAsList()) {
      String text = row.getString(0);
      read.add(new Labelled(text, row.getInt(1), row.isNullAt(2) ? text : row.getString(2)));
    }
    return new LabelledTexts(read, counts.rows() - read.size());
  }
}
