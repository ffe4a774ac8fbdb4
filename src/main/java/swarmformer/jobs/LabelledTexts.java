package swarmformer.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import swarmformer.data.Columns;
import swarmformer.data.TextSource;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;
import swarmformer.tokens.Tokenizer;
import swarmformer.tokens.TruncationSide;
import swarmformer.training.Labelled;

/**
 * Texts of a source on the driver, in the order of their ids.
 *
 * @param texts that have words
 * @param rows of the source, those that are left out among them
 */
record LabelledTexts(List<Labelled> texts, long rows) {
  static final LabelledTexts NONE = new LabelledTexts(List.of(), 0);

  /** Enough of them to tell a text from one that has none, as scoring does. */
  private static final Tokenizer FIRST_TOKENS = new Tokenizer(4, TruncationSide.RIGHT);

  /**
   * Reads texts with their labels; rows without text or label, and broken ones, are left out.
   *
   * @param group column of the groups; where there is none, each text is one
   * @throws InputException if there is no text with a label
   */
  static LabelledTexts labelled(
      SparkSession spark, TextSource source, Optional<String> group, List<String> classes) {
    Texts texts = read(spark, source, group, classes);
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
    LabelledTexts read = read(texts, counts, col("label"));
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
    Texts texts = read(spark, source, group, classes);
    return read(texts, texts.counts(), lit(Labelled.UNLABELLED));
  }

  /** The groups travel under a name of ours, whatever other columns are called. */
  private static Texts read(
      SparkSession spark, TextSource source, Optional<String> group, List<String> classes) {
    return Texts.read(
        spark,
        source.withKeep(List.of(Texts.GROUP)).withInspected(group.stream().toList()),
        classes,
        rows -> grouped(rows, group));
  }

  /** Adds the groups as text, equal for numbers that are equal in another type. */
  private static Dataset<Row> grouped(Dataset<Row> rows, Optional<String> group) {
    Optional<String> column =
        group.flatMap(name -> Stream.of(rows.columns()).filter(name::equalsIgnoreCase).findFirst());
    return rows.withColumn(
        Texts.GROUP, column.map(name -> groupText(rows, name)).orElse(lit(null).cast("string")));
  }

  private static Column groupText(Dataset<Row> rows, String name) {
    Column value = Columns.quoted(name);
    DataType type = rows.schema().apply(name).dataType();
    boolean fractional =
        type instanceof DoubleType || type instanceof FloatType || type instanceof DecimalType;
    return fractional
        ? when(value.equalTo(floor(value)), floor(value).cast("string"))
            .otherwise(value.cast("string"))
        : regexp_replace(value.cast("string"), "^(-?\\d+)\\.0+$", "$1");
  }

  private static LabelledTexts read(Texts texts, Texts.Counts counts, Column label) {
    Dataset<Row> rows =
        texts
            .rows()
            .where(not(col(Texts.MALFORMED)))
            .select(
                col(Texts.CONTENT).as("text"),
                label.as("label"),
                col(Texts.GROUP).as("group"),
                Columns.idText(texts.rows()).as("id"))
            .where("text IS NOT NULL AND label IS NOT NULL")
            .sort("id", "text", "label", "group");
    List<Labelled> read = new ArrayList<>();
    for (Row row : rows.collectAsList()) {
      String text = row.getString(0);
      if (!Tokenizer.isEmpty(FIRST_TOKENS.encode(text).ids())) {
        read.add(new Labelled(text, row.getInt(1), row.isNullAt(2) ? text : row.getString(2)));
      }
    }
    return new LabelledTexts(read, counts.rows());
  }
}
