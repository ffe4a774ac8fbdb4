package swarmformer.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import swarmformer.errors.InputException;

/**
 * Rows to score.
 *
 * <p>The columns of {@link #rows} are: what predictions carry along ({@code id}, kept columns,
 * {@code label} if there are labels), then {@value #CONTENT} (STRING, or ARRAY&lt;INT&gt; of token
 * ids), {@value #MALFORMED} (BOOLEAN: the record could not be parsed) and {@value #LABEL_KNOWN}
 * (BOOLEAN: whether the label is a class of the model; null where there is none, or the record
 * could not be parsed).
 *
 * @param name what messages call the source
 * @param rows the rows, lazily
 */
public record Texts(String name, Dataset<Row> rows) {
  /** Column of what is scored. */
  public static final String CONTENT = "_content";

  /** Column that says that a record could not be parsed. */
  public static final String MALFORMED = "_malformed";

  /** Column that says whether a label that was given is a class of the model. */
  public static final String LABEL_KNOWN = "_label_known";

  /** What else a training wants of a row: a column of our own, for which no column makes room. */
  public static final String ALONG = "_along";

  /** Number of the columns after those that predictions carry along. */
  private static final int OWN_COLUMNS = 3;

  /** Characters of a made id: 128 bits of SHA-256 in hexadecimal. */
  private static final int ID_LENGTH = 32;

  /**
   * What is in the input.
   *
   * @param rows rows
   * @param labelled rows whose label was understood, broken records aside
   * @param unreadableLabels rows whose label was given and not understood, broken records aside
   */
  public record Counts(long rows, long labelled, long unreadableLabels) {}

  /**
   * Opens the input, without reading its rows.
   *
   * @param classNames names of the model's classes, in order
   * @throws InputException if it cannot be read, or a column is missing or of the wrong type
   */
  public static Texts read(SparkSession spark, TextSource source, List<String> classNames) {
    return read(spark, source, classNames, Optional.empty());
  }

  /**
   * Opens the rows of a date, or all, without reading them.
   *
   * @param classNames names of the model's classes, in order
   * @throws InputException if it cannot be read, or a column is missing or of the wrong type
   */
  public static Texts read(
      SparkSession spark, TextSource source, List<String> classNames, Optional<DateFilter> dates) {
    return read(source, classNames, () -> Reader.open(spark, source, dates));
  }

  /**
   * Opens a part of the input, without reading its rows.
   *
   * @param classNames names of the model's classes, in order
   * @param part picks rows of the input, with the columns that it has there
   * @throws InputException if it cannot be read, or a column is missing or of the wrong type
   */
  public static Texts read(
      SparkSession spark,
      TextSource source,
      List<String> classNames,
      UnaryOperator<Dataset<Row>> part) {
    return read(source, classNames, () -> part.apply(Reader.open(spark, source)));
  }

  private static Texts read(
      TextSource source, List<String> classNames, Callable<Dataset<Row>> opened) {
    try {
      Dataset<Row> input = opened.call();
      Columns columns = Columns.resolve(input.schema(), source);
      return new Texts(source.name(), input.select(project(columns, classNames)));
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofReading(source, e);
    }
  }

  /** Number of columns of {@link #rows} that go into the predictions as they are. */
  public int carried() {
    return rows.columns().length - OWN_COLUMNS;
  }

  private static Column[] project(Columns columns, List<String> classNames) {
    Map<String, Column> carried = new LinkedHashMap<>();
    carried.put(
        "id",
        columns
            .id()
            .map(Columns::quoted)
            .orElseGet(() -> madeId(columns.content(), columns.hasMalformed())));
    columns.keep().forEach(name -> carried.put(name, Columns.quoted(name)));
    columns
        .label()
        .ifPresent(
            field -> carried.put("label", Labels.toClass(field, columns.labelMap(), classNames)));
    List<Column> projection = new ArrayList<>();
    carried.forEach((name, column) -> projection.add(column.as(name)));
    projection.add(Columns.quoted(columns.content()).as(CONTENT));
    projection.add(malformed(columns).as(MALFORMED));
    projection.add(labelKnown(columns, classNames).as(LABEL_KNOWN));
    return projection.toArray(Column[]::new);
  }

  /** The same content, or the same broken record, has the same id, wherever it lies. */
  static Column madeId(String name, boolean hasMalformed) {
    Column content = Columns.quoted(name).cast("string");
    Column record = hasMalformed ? coalesce(col(Reader.MALFORMED_RECORD), content) : content;
    return substring(sha2(coalesce(record, lit("")), 256), 1, ID_LENGTH);
  }

  private static Column malformed(Columns columns) {
    return columns.hasMalformed() ? col(Reader.MALFORMED_RECORD).isNotNull() : lit(false);
  }

  /** A malformed record has no label. */
  private static Column labelKnown(Columns columns, List<String> classNames) {
    return columns
        .label()
        .map(
            label ->
                when(
                    not(malformed(columns)).and(Labels.isGiven(label, columns.labelMap())),
                    Labels.toClass(label, columns.labelMap(), classNames).isNotNull()))
        .orElseGet(() -> lit(null).cast(DataTypes.BooleanType));
  }

  /** Reads all rows to count them. */
  public Counts counts() {
    Column known = col(LABEL_KNOWN).cast("long");
    Row totals = rows.agg(count(lit(1)), coalesce(sum(known), lit(0L)), count(known)).head();
    long labelled = totals.getLong(1);
    return new Counts(totals.getLong(0), labelled, totals.getLong(2) - labelled);
  }
}
