package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
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
 * Accuracy by the values of a column. Values with fewer than {@value #FEWEST} rows say little: they
 * are told together.
 *
 * @param column name of the column
 * @param compared number of values with enough rows, which are compared with the rest
 * @param slices of the values with enough rows the {@value #MOST} of least accuracy, in order, then
 *     all others together
 */
public record Slices(String column, long compared, List<Slice> slices) {
  /** Rows that a value needs to be told apart. */
  public static final long FEWEST = 30;

  /** Values that are told apart. */
  static final int MOST = 20;

  private static final long[] LENGTHS = {16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024};

  /**
   * Rows of one value.
   *
   * @param value as text
   * @param rows number of rows
   * @param right how many are right
   * @param accuracy their share
   * @param interval where the true accuracy lies
   * @param pValue how likely so few right ones are if these rows are like the rest, times the
   *     number of values that are compared (Bonferroni); null where it is not compared
   */
  public record Slice(
      String value, long rows, long right, double accuracy, Interval interval, Double pValue) {
    static Slice of(String value, long rows, long right, Double pValue) {
      double accuracy = (double) right / rows;
      return new Slice(value, rows, right, accuracy, Interval.wilson(right, rows), pValue);
    }

    /** Whether it is weaker than chance would make one of all that are compared. */
    public boolean isWeak() {
      return pValue != null && pValue < 0.05;
    }
  }

  /** By the values of a column, the worst first. */
  static Slices byColumn(Dataset<Row> judged, String column) {
    return of(column, judged, LabelledRows.textOf(column), Comparator.comparing(Slice::accuracy));
  }

  /** By the number of tokens. */
  static Slices byLength(Dataset<Row> judged) {
    long above = LENGTHS[LENGTHS.length - 1];
    Column length = lit("over " + above);
    for (int i = LENGTHS.length - 1; i >= 0; i--) {
      long from = i == 0 ? 1 : LENGTHS[i - 1] + 1;
      length = when(col("tokens").leq(LENGTHS[i]), from + "–" + LENGTHS[i]).otherwise(length);
    }
    return of("tokens", judged, length, Comparator.comparing(Slices::firstNumber));
  }

  /** By whether the text was cut. */
  static Slices byTruncation(Dataset<Row> judged) {
    Column value = when(col("truncated"), "truncated").otherwise("complete");
    return of("truncated", judged, value, Comparator.comparing(Slice::value));
  }

  /** The slices with p-values for so many comparisons. */
  Slices corrected(long comparisons) {
    return new Slices(
        column,
        compared,
        slices.stream()
            .map(
                each ->
                    Slice.of(
                        each.value(),
                        each.rows(),
                        each.right(),
                        each.pValue() == null ? null : Math.min(1, each.pValue() * comparisons)))
            .toList());
  }

  private static Slices of(
      String column, Dataset<Row> judged, Column value, Comparator<Slice> order) {
    Dataset<Row> grouped =
        judged
            .groupBy(value.as("value"))
            .agg(count(lit(1)).as("rows"), sum(LabelledRows.RIGHT).as("right"));
    Row totals =
        grouped
            .agg(sum("rows"), sum("right"), count(lit(1)), count(when(col("rows").geq(FEWEST), 1)))
            .head();
    List<Slice> slices =
        new ArrayList<>(
            grouped
                .where(col("rows").geq(FEWEST))
                .orderBy(col("right").divide(col("rows")), col("rows").desc(), col("value"))
                .limit(MOST)
                .collectAsList()
                .stream()
                .map(row -> compared(row, totals.getLong(0), totals.getLong(1)))
                .sorted(order)
                .toList());
    addOthers(slices, grouped, totals);
    long compared = totals.getLong(2) == 1 ? 0 : totals.getLong(3); // one value has no rest
    return new Slices(column, compared, List.copyOf(slices));
  }

  private static Slice compared(Row row, long allRows, long allRight) {
    long rows = row.getLong(1);
    long right = row.getLong(2);
    Double pValue = rows == allRows ? null : WeakSlice.pValue(rows, right, allRows, allRight);
    return Slice.of(row.getString(0), rows, right, pValue);
  }

  private static void addOthers(List<Slice> slices, Dataset<Row> grouped, Row totals) {
    if (totals.getLong(2) > slices.size()) {
      String name = othersThan(slices.stream().map(Slice::value).toList(), grouped);
      long rows = totals.getLong(0) - slices.stream().mapToLong(Slice::rows).sum();
      long right = totals.getLong(1) - slices.stream().mapToLong(Slice::right).sum();
      slices.add(Slice.of(name, rows, right, null));
    }
  }

  /** What the values that are not told apart are called: one keeps its name. */
  static String othersThan(List<String> told, Dataset<Row> grouped) {
    Row others =
        grouped
            .where(not(col("value").isin(told.toArray())))
            .agg(count(lit(1)), min("value"))
            .head();
    long values = others.getLong(0);
    return values == 1
        ? others.getString(1)
        : String.format(Locale.ROOT, told.isEmpty() ? "%,d values" : "%,d others", values);
  }

  /** What sorts 33–48 before 129–192, and what is over all of them last. */
  private static long firstNumber(Slice slice) {
    String number = slice.value().replaceFirst("–.*", "");
    return number.startsWith("over") ? Long.MAX_VALUE : Long.parseLong(number);
  }
}
