package swarmformer.data;

import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Picks the rows of one date. A point in time belongs to the date that it has in a zone; text with
 * an offset or {@code Z} is a point in time, and text without is taken as it stands.
 */
public final class DateFilter implements UnaryOperator<Dataset<Row>> {
  private static final String WITH_OFFSET = "\\d[T ]\\d.*(Z|[+-]\\d\\d(:?\\d\\d)?)$";

  private final String column;
  private final ZoneId zone;
  private final LocalDate date;
  private long undated;

  /** Picks the rows whose column has that date in that zone. */
  public DateFilter(String column, ZoneId zone, LocalDate date) {
    this.column = column;
    this.zone = zone;
    this.date = date;
  }

  /** Number of rows that have no date, or none that is understood; known after use. */
  public long undated() {
    return undated;
  }

  /**
   * Picks the rows.
   *
   * @throws DataException if there is no such column, or it cannot hold dates
   */
  @Override
  public Dataset<Row> apply(Dataset<Row> input) {
    Column dates = dates(input);
    undated = input.where(dates.isNull()).count();
    return input.where(dates.equalTo(lit(java.sql.Date.valueOf(date))));
  }

  private Column dates(Dataset<Row> input) {
    if (!Arrays.asList(input.columns()).contains(column)) {
      throw new DataException(
          "Cannot find the dates: no column '%s'. Columns found: %s. Set --date-col."
              .formatted(column, String.join(", ", input.columns())));
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
      return when(value.rlike(WITH_OFFSET), inZone(value.try_cast("timestamp")))
          .otherwise(value.try_cast("date"));
    }
    throw new DataException(
        "Cannot find the dates: column '%s' is %s, not DATE, TIMESTAMP or STRING. Set --date-col."
            .formatted(column, type.sql()));
  }

  /** The session's zone is UTC, so that a date is the one of the wall clock here. */
  private Column inZone(Column instant) {
    return to_date(from_utc_timestamp(instant, lit(zone.getId())));
  }
}
