package swarmformer.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import swarmformer.data.Columns;
import swarmformer.data.Failures;
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

  /** Probabilities are often rounded. */
  private static final double ROUNDED = 0.01;

  /**
   * Columns that training wants beside texts and labels.
   *
   * @param group of the groups; where there is none, each text is one
   * @param softLabels of probabilities of the classes; where there is none, texts have none
   */
  record Along(Optional<String> group, Optional<String> softLabels) {
    private List<String> columns() {
      return Stream.of(group, softLabels).flatMap(Optional::stream).toList();
    }

    /** All of them in one. */
    private Column of(Dataset<Row> rows, String source) {
      Column nothing = lit(null);
      return struct(
          in(rows, group)
              .map(name -> groupText(rows, name))
              .orElse(nothing.cast("string"))
              .as("group"),
          in(rows, softLabels)
              .map(name -> probabilities(rows, name, source))
              .orElse(nothing.cast("array<double>"))
              .as("softLabels"));
    }

    private static Optional<String> in(Dataset<Row> rows, Optional<String> column) {
      return column.flatMap(
          name -> Stream.of(rows.columns()).filter(name::equalsIgnoreCase).findFirst());
    }
  }

  /**
   * Reads texts with their labels; rows without text or label, and broken ones, are left out.
   *
   * @throws InputException if there is no text with a label
   */
  static LabelledTexts labelled(
      SparkSession spark, TextSource source, Along along, List<String> classes) {
    Texts texts = read(spark, source, along, classes, rows -> rows);
    Texts.Counts counts = reading(texts, texts::counts);
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
    LabelledTexts read = read(texts, counts, col("label"), classes);
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
   */
  static LabelledTexts unlabelled(
      SparkSession spark, TextSource source, Along along, List<String> classes) {
    Texts texts = read(spark, source, along, classes, rows -> rows.drop("label"));
    return read(texts, reading(texts, texts::counts), lit(Labelled.UNLABELLED), classes);
  }

  private static <T> T reading(Texts texts, Callable<T> action) {
    try {
      return action.call();
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofReading(texts.name(), e);
    }
  }

  /** What goes along travels under a name of ours, whatever other columns are called. */
  private static Texts read(
      SparkSession spark,
      TextSource source,
      Along along,
      List<String> classes,
      UnaryOperator<Dataset<Row>> part) {
    return Texts.read(
        spark,
        source.withKeep(List.of(Texts.ALONG)).withInspected(along.columns()),
        classes,
        rows -> part.apply(rows.withColumn(Texts.ALONG, along.of(rows, source.name()))));
  }

  /** As text, equal for numbers that are equal in another type. */
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

  private static Column probabilities(Dataset<Row> rows, String name, String source) {
    DataType type = rows.schema().apply(name).dataType();
    if (!(type instanceof ArrayType array && array.elementType() instanceof NumericType)) {
      throw new InputException(
          "Cannot learn from the column '%s' of %s: it is of type %s, not an array of numbers. Set another --soft-labels."
              .formatted(name, source, type.sql()));
    }
    return Columns.quoted(name).cast("array<double>");
  }

  private static LabelledTexts read(
      Texts texts, Texts.Counts counts, Column label, List<String> classes) {
    Dataset<Row> rows =
        texts
            .rows()
            .where(not(col(Texts.MALFORMED)))
            .select(
                col(Texts.CONTENT).as("text"),
                label.as("label"),
                col(Texts.ALONG).getField("group").as("group"),
                Columns.idText(texts.rows()).as("id"),
                col(Texts.ALONG).getField("softLabels").as("softLabels"))
            .where("text IS NOT NULL AND label IS NOT NULL")
            .sort("id", "text", "label", "group");
    List<Labelled> read = new ArrayList<>();
    for (Row row : reading(texts, rows::collectAsList)) {
      String text = row.getString(0);
      if (!Tokenizer.isEmpty(FIRST_TOKENS.encode(text).ids())) {
        List<Double> softLabels =
            row.isNullAt(4) ? List.of() : checked(row.getList(4), row, texts.name(), classes);
        String group = row.isNullAt(2) ? text : row.getString(2);
        read.add(new Labelled(text, row.getInt(1), group, softLabels));
      }
    }
    return new LabelledTexts(read, counts.rows());
  }

  /** Probabilities that add up to 1. */
  private static List<Double> checked(
      List<Double> given, Row row, String source, List<String> classes) {
    boolean numbers = given.stream().allMatch(share -> share != null && share >= 0);
    double sum = numbers ? given.stream().mapToDouble(Double::doubleValue).sum() : Double.NaN;
    if (given.size() != classes.size() || !(Math.abs(sum - 1) <= ROUNDED)) {
      throw new InputException(
          "Cannot learn from %s: the soft labels of the row with id %s are %s, not a probability of each of %s, which add up to 1. Fix them, or set another --soft-labels or --classes."
              .formatted(source, row.getString(3), given, String.join(", ", classes)));
    }
    return given.stream().map(share -> share / sum).toList();
  }
}
