package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows of nights whose labels have come.
 *
 * @param rows those with a label and a prediction
 * @param right those of them that are predicted right
 */
public record NightAccuracy(long rows, long right) {
  /** None. */
  public static final NightAccuracy NONE = new NightAccuracy(0, 0);

  /**
   * Of each night that has some.
   *
   * @param labelled rows with their {@code date}, {@code prediction} and {@code label}
   */
  public static Map<LocalDate, NightAccuracy> byNight(Dataset<Row> labelled) {
    Map<LocalDate, NightAccuracy> nights = new HashMap<>();
    LabelledRows.of(labelled)
        .groupBy(col("date").cast("string"))
        .agg(count(lit(1)), sum(LabelledRows.RIGHT))
        .collectAsList()
        .forEach(
            night ->
                nights.put(
                    LocalDate.parse(night.getString(0)),
                    new NightAccuracy(night.getLong(1), night.getLong(2))));
    return nights;
  }

  /** Both together. */
  public NightAccuracy plus(NightAccuracy other) {
    return new NightAccuracy(rows + other.rows, right + other.right);
  }

  /** Share of the right ones; null without rows. */
  public Double accuracy() {
    return rows == 0 ? null : (double) right / rows;
  }

  /** Where the true accuracy lies; there are rows. */
  public Interval interval() {
    return Interval.wilson(right, rows);
  }
}
