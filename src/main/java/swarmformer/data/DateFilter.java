package swarmformer.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.jdk.javaapi.CollectionConverters;
import swarmformer.errors.InputException;

/**
 * Picks the rows of one date. A point in time belongs to the date that it has in a zone; text with
 * an offset, {@code Z} or the name of a zone is a point in time, and text without is taken as it
 * stands, as are dates of eight digits, and year, month and day in three columns.
 */
public final class DateFilter {
  private static final String DATE = "\\d{4}-\\d{1,2}-\\d{1,2}";
  private static final String EIGHT_DIGITS = "\\d{8}";
  private static final String TIME = "[T ]\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d+)?)?";

  /** A time without seconds, of which Spark understands no zone. */
  private static final String WITHOUT_SECONDS =
      "^(.{8,10}[T ]\\d{1,2}:\\d{2})( ?([A-Za-z]|[+-]\\d).*)$";

  private static final String DATE_FOUND = "_date_found";
  private static final String UNDATED = "undated";

  private static final String ZONE = " ?([A-Za-z]|[+-]\\d).*";

  private final String column;
  private final ZoneId zone;
  private final LocalDate date;
  private LongSupplier undated = () -> 0;

  /** Picks the rows whose column has that date in that zone. */
  public DateFilter(String column, ZoneId zone, LocalDate date) {
    this.column = column;
    this.zone = zone;
    this.date = date;
  }

  /**
   * Number of rows that have no date, or none that is understood. It is known once the rows that
   * were picked have been read.
   */
  public long undated() {
    return undated.getAsLong();
  }

  /**
   * Picks the rows. Those without a date are counted while they are read, if all rows are read in
   * any case; else by themselves, so that files can tell what need not be read.
   *
   * @throws InputException if there is no such column, or it cannot hold dates
   */
  public Dataset<Row> apply(Dataset<Row> input) {
    Column isUndated = isUndated(input);
    if (!isReadWhole(input)) {
      undated = () -> input.where(isUndated).count();
      return matching(input);
    }
    Observation observation = new Observation();
    undated =
        () -> {
          // Where no row was picked at all, Spark may drop the plan with its observation.
          Optional<Object> found = Observed.of(observation).map(figures -> figures.get(UNDATED));
          return found.map(Long.class::cast).orElseGet(() -> input.where(isUndated).count());
        };
    return matching(
        input.observe(observation, coalesce(sum(isUndated.cast("long")), lit(0L)).as(UNDATED)));
  }

  /** Lines have no columns that could be read alone, and no ranges of their values. */
  private boolean isReadWhole(Dataset<Row> input) {
    List<LogicalPlan> leaves =
        CollectionConverters.asJava(input.queryExecution().analyzed().collectLeaves());
    return !leaves.isEmpty() && leaves.stream().allMatch(this::isOfLines);
  }

  private boolean isOfLines(LogicalPlan leaf) {
    return FileRelation.of(leaf)
        .filter(FileRelation::isText)
        .filter(files -> columns().stream().noneMatch(List.of(files.partitionColumns())::contains))
        .isPresent();
  }

  /** Picks the rows, which may have no other columns than those of the date. */
  private Dataset<Row> matching(Dataset<Row> input) {
    Column ofDate = dates(input).equalTo(lit(java.sql.Date.valueOf(date)));
    return input.where(range(input).map(ofDate::and).orElse(ofDate));
  }

  /** The date whose rows are picked. */
  public LocalDate date() {
    return date;
  }

  /**
   * Dates by the values that partitions have in {@link #columns}; without those that have none, or
   * none that is understood.
   */
  public Map<List<String>, LocalDate> ofPartitions(
      SparkSession spark, List<List<String>> partitions) {
    StructType schema = new StructType();
    for (String name : columns()) {
      schema = schema.add(name, DataTypes.StringType);
    }
    List<Row> values =
        partitions.stream().distinct().map(row -> RowFactory.create(row.toArray())).toList();
    Dataset<Row> rows = spark.createDataFrame(values, schema);
    Map<List<String>, LocalDate> found = new HashMap<>();
    for (Row row : rows.withColumn(DATE_FOUND, dates(rows).cast("string")).collectAsList()) {
      List<String> partition = columns().stream().map(name -> row.<String>getAs(name)).toList();
      Optional.ofNullable(row.<String>getAs(DATE_FOUND))
          .ifPresent(text -> found.put(partition, LocalDate.parse(text)));
    }
    return found;
  }

  /** The column that tells the date, or those of year, month and day. */
  public List<String> columns() {
    return columns(column);
  }

  /** The columns that a name stands for: itself, or those of year, month and day. */
  public static List<String> columns(String name) {
    List<String> parts = List.of(name.split(",", -1));
    return parts.size() == 3 ? parts : List.of(name);
  }

  /** Of a point in time it is the value itself that is null, which files know of whole blocks. */
  private Column isUndated(Dataset<Row> input) {
    Column dates = dates(input);
    return isTime(input) ? Columns.quoted(column).isNull() : dates.isNull();
  }

  private boolean isTime(Dataset<Row> input) {
    return Arrays.asList(input.columns()).contains(column)
        && (input.schema().apply(column).dataType() instanceof TimestampType
            || input.schema().apply(column).dataType() instanceof TimestampNTZType);
  }

  /** What all rows of the date fulfil, and readers can ask of whole blocks of a file. */
  private Optional<Column> range(Dataset<Row> input) {
    if (!Arrays.asList(input.columns()).contains(column)) {
      return Optional.empty();
    }
    Column value = Columns.quoted(column);
    DataType type = input.schema().apply(column).dataType();
    LocalDateTime from = date.minusDays(1).atStartOfDay();
    LocalDateTime to = date.plusDays(2).atStartOfDay();
    if (type instanceof TimestampNTZType) {
      return Optional.of(value.geq(lit(from)).and(value.lt(lit(to))));
    }
    if (type instanceof TimestampType) {
      return Optional.of(
          value
              .geq(lit(from.toInstant(ZoneOffset.UTC)))
              .and(value.lt(lit(to.toInstant(ZoneOffset.UTC)))));
    }
    if (type instanceof IntegerType || type instanceof LongType) {
      return Optional.of(
          value.equalTo(lit(Integer.parseInt(date.format(DateTimeFormatter.BASIC_ISO_DATE)))));
    }
    return Optional.empty();
  }

  private Column dates(Dataset<Row> input) {
    List<String> columns = Arrays.asList(input.columns());
    List<String> parts = columns();
    if (!columns.contains(column) && parts.size() == 3 && columns.containsAll(parts)) {
      return ofParts(parts);
    }
    if (!columns.contains(column)) {
      throw new InputException(
          "Cannot find the dates: no column '%s'. Columns found: %s. %sSet --date-col."
              .formatted(
                  column,
                  ContentColumn.found(input.schema()),
                  ContentColumn.suggestion(input.schema(), column)));
    }
    Column value = Columns.quoted(column);
    DataType type = input.schema().apply(column).dataType();
    if (type instanceof DateType || type instanceof TimestampNTZType) {
      return value.cast("date");
    }
    if (type instanceof TimestampType) {
      return inZone(value);
    }
    if (type instanceof StringType) {
      return ofText(trim(value));
    }
    if (type instanceof IntegerType || type instanceof LongType) {
      return ofDigits(value.cast("string"));
    }
    throw new InputException(
        "Cannot find the dates: column '%s' is %s, not DATE, TIMESTAMP, STRING or a number such as 20261101. Set --date-col."
            .formatted(column, type.sql()));
  }

  private static Column ofParts(List<String> names) {
    List<Column> parts = names.stream().map(name -> Columns.quoted(name).cast("string")).toList();
    return concat(parts.get(0), lit("-"), parts.get(1), lit("-"), parts.get(2)).try_cast("date");
  }

  private static Column ofDigits(Column digits) {
    Column date = regexp_replace(digits, "^(\\d{4})(\\d{2})(\\d{2})$", "$1-$2-$3");
    return when(digits.rlike(whole(EIGHT_DIGITS)), date.try_cast("date"));
  }

  /** Spark's own casts take the beginning of a text for a date, whatever follows. */
  private Column ofText(Column text) {
    Column instant = regexp_replace(regexp_replace(text, ",", "."), "z$", "Z");
    Column complete = regexp_replace(instant, WITHOUT_SECONDS, "$1:00$2");
    return when(text.rlike(whole(DATE)), text.try_cast("date"))
        .when(text.rlike(whole(EIGHT_DIGITS)), ofDigits(text))
        .when(text.rlike(whole(DATE + TIME)), instant.try_cast("timestamp_ntz").cast("date"))
        .when(
            text.rlike(whole(DATE + TIME + ZONE)),
            inZone(complete.try_cast(DataTypes.TimestampType))); // "timestamp" may be without zone
  }

  private static String whole(String pattern) {
    return "^" + pattern + "$";
  }

  /** The session's zone is UTC, so that a date is the one of the wall clock here. */
  private Column inZone(Column instant) {
    return to_date(from_utc_timestamp(instant, lit(zone.getId())));
  }
}
