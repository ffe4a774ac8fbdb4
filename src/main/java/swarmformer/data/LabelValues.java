package swarmformer.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nanvl;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import swarmformer.errors.InputException;

/**
 * What is in a label column.
 *
 * @param column its name
 * @param recognised rows whose label is a class of the model
 * @param unrecognised rows whose label was given and is none
 * @param beyond those of them whose label is a number beyond the classes, as stars are, where other
 *     numbers are recognised; below 0, which may say that there is no label, only where no row is
 *     of class 0
 * @param values the most frequent of the unrecognised values
 */
public record LabelValues(
    String column, long recognised, long unrecognised, long beyond, List<Value> values) {
  private static final int MOST = 5;

  /** Rows that are looked at before anything is scored. */
  private static final int HEAD = 10_000;

  private static final int CHARACTERS = 30;

  /** An unrecognised value, cut to {@value #CHARACTERS} characters, and how many rows have it. */
  public record Value(String text, long rows) {}

  /** Of the first {@value #HEAD} rows; empty if there is no label column. */
  public static Optional<LabelValues> ofHead(
      SparkSession spark, TextSource source, List<String> classNames) {
    return of(spark, source, classNames, HEAD);
  }

  /** Of all rows; empty if there is no label column. */
  public static Optional<LabelValues> ofAll(
      SparkSession spark, TextSource source, List<String> classNames) {
    return of(spark, source, classNames, Integer.MAX_VALUE);
  }

  private static Optional<LabelValues> of(
      SparkSession spark, TextSource source, List<String> classNames, int most) {
    try {
      Dataset<Row> input = Reader.open(spark, source);
      Columns columns = Columns.resolve(input.schema(), source);
      Dataset<Row> rows =
          columns.hasMalformed() ? input.where(col(Reader.MALFORMED_RECORD).isNull()) : input;
      return columns
          .label()
          .map(
              label ->
                  tally(
                      most == Integer.MAX_VALUE ? rows : rows.limit(most),
                      label,
                      source.labelMap(),
                      classNames));
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofReading(source, e);
    }
  }

  /** Of some rows. */
  static LabelValues tally(
      Dataset<Row> rows, StructField label, Optional<LabelMap> map, List<String> classNames) {
    Column text = Columns.quoted(label.name()).cast(DataTypes.StringType);
    Dataset<Row> values =
        rows.where(Labels.isGiven(label, map))
            .select(text.as("value"), Labels.toClass(label, map, classNames).as("class"))
            .groupBy("value", "class")
            .agg(count(lit(1)).as("rows"));
    Column number = nanvl(col("value").try_cast(DataTypes.DoubleType), lit(null));
    Column isNumber = number.isNotNull();
    Column none = col("class").isNull();
    Row totals =
        values
            .agg(
                total(not(none)),
                total(none),
                total(not(none).and(isNumber)),
                total(col("class").equalTo(0)),
                total(none.and(number.geq(classNames.size()))),
                total(none.and(number.lt(0))))
            .head();
    long below = totals.getLong(3) == 0 ? totals.getLong(5) : 0;
    boolean takesNumbers = totals.getLong(2) > 0 && !Labels.hasNumbers(classNames);
    long beyond = takesNumbers ? totals.getLong(4) + below : 0;
    List<Value> found =
        values
            .where(none)
            .orderBy(col("rows").desc(), col("value"))
            .limit(MOST)
            .collectAsList()
            .stream()
            .map(row -> new Value(cut(row.getString(0)), row.getLong(2)))
            .toList();
    return new LabelValues(label.name(), totals.getLong(0), totals.getLong(1), beyond, found);
  }

  private static Column total(Column which) {
    return coalesce(sum(when(which, col("rows"))), lit(0L));
  }

  private static String cut(String value) {
    String line = value.replaceAll("\\s+", " ");
    return line.length() <= CHARACTERS ? line : line.substring(0, CHARACTERS - 1) + "…";
  }

  /** The most frequent unrecognised values with their rows, and how many rows have others. */
  public String listing() {
    long others = unrecognised - values.stream().mapToLong(Value::rows).sum();
    return values.stream()
            .map(value -> text("'%s' (%,d)", value.text(), value.rows()))
            .collect(Collectors.joining(", "))
        + (others > 0 ? text(", others (%,d)", others) : "");
  }

  /**
   * Refuses labels that would be evaluated as what they are not.
   *
   * @throws InputException if most are unrecognised, or numbers are beyond the classes, so that
   *     those within are hardly class numbers either
   */
  public void check(TextSource source, List<String> classNames) {
    if (unrecognised > recognised) {
      throw new InputException(
          text(
              "Cannot evaluate with the labels of column '%s': %,d of %,d are not classes of the model (%s)%s. Found: %s. Say what they mean, as in --label-map '1-4=negative,7-10=positive', or set --label-col.",
              column,
              unrecognised,
              unrecognised + recognised,
              String.join(", ", classNames),
              source.labelMap().map(map -> " by --label-map " + map.text()).orElse(""),
              listing()));
    }
    if (beyond > 0 && source.labelMap().isEmpty()) {
      throw new InputException(
          text(
              "Cannot take the numbers of column '%s' for classes: the model has classes 0 to %d (%s), and labels beyond: %,d. Found: %s. Say what they mean, as in --label-map '1-4=negative,7-10=positive', or set --label-col.",
              column, classNames.size() - 1, String.join(", ", classNames), beyond, listing()));
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
