package swarmformer.analysis;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Accuracy by the values of a column.
 *
 * @param column name of the column
 * @param slices in the order of their values, numbers by size; of more than {@value #MOST} values
 *     those with most rows, then all others together
 */
public record Slices(String column, List<Slice> slices) {
  private static final int MOST = 20;
  private static final long[] LENGTHS = {16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024};

  /**
   * Rows of one value.
   *
   * @param value as text
   * @param rows number of rows
   * @param right how many are right
   * @param accuracy their share
   * @param interval where the true accuracy lies
   */
  public record Slice(String value, long rows, long right, double accuracy, Interval interval) {
    static Slice of(String value, long rows, long right) {
      return new Slice(value, rows, right, (double) right / rows, Interval.wilson(right, rows));
    }
  }

  /** By the values of a column. */
  static Slices byColumn(Dataset<Row> judged, String column) {
    Column value = col("`" + column.replace("`", "``") + "`").cast("string");
    List<Slice> all = slices(judged, coalesce(value, lit("(null)")));
    return new Slices(column, all);
  }

  /** By the number of tokens. */
  static Slices byLength(Dataset<Row> judged) {
    long above = LENGTHS[LENGTHS.length - 1];
    Column length = lit("over " + above);
    for (int i = LENGTHS.length - 1; i >= 0; i--) {
      long from = i == 0 ? 1 : LENGTHS[i - 1] + 1;
      length = when(col("tokens").leq(LENGTHS[i]), from + "–" + LENGTHS[i]).otherwise(length);
    }
    return new Slices("tokens", slices(judged, length));
  }

  /** By whether the text was cut. */
  static Slices byTruncation(Dataset<Row> judged) {
    return new Slices(
        "truncated", slices(judged, when(col("truncated"), "truncated").otherwise("complete")));
  }

  private static List<Slice> slices(Dataset<Row> judged, Column value) {
    Dataset<Row> grouped =
        judged
            .groupBy(value.as("value"))
            .agg(count(lit(1)).as("rows"), sum(LabelledRows.RIGHT).as("right"));
    List<Slice> slices =
        new ArrayList<>(
            grouped.orderBy(col("rows").desc(), col("value")).limit(MOST).collectAsList().stream()
                .map(row -> Slice.of(row.getString(0), row.getLong(1), row.getLong(2)))
                .sorted(Comparator.comparing(Slices::leadingNumber).thenComparing(Slice::value))
                .toList());
    addOthers(slices, grouped);
    return List.copyOf(slices);
  }

  private static void addOthers(List<Slice> slices, Dataset<Row> grouped) {
    if (slices.size() == MOST) {
      Row totals = grouped.agg(sum("rows"), sum("right"), count(lit(1))).head();
      long rows = totals.getLong(0) - slices.stream().mapToLong(Slice::rows).sum();
      long right = totals.getLong(1) - slices.stream().mapToLong(Slice::right).sum();
      if (rows > 0) {
        slices.add(
            Slice.of(
                String.format(Locale.ROOT, "%,d others", totals.getLong(2) - MOST), rows, right));
      }
    }
  }

  /** What sorts 7 before 10, and 33–48 before 129–192; texts come last. */
  private static double leadingNumber(Slice slice) {
    String number = slice.value().replaceFirst("^(-?\\d+(\\.\\d+)?)(–\\d+)?$", "$1");
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException e) {
      return Double.POSITIVE_INFINITY;
    }
  }
}
