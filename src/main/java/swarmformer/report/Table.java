package swarmformer.report;

import java.util.List;

/**
 * A table, drawn by {@code table.jte}: the first column names the rows, the others hold numbers.
 *
 * @param columns headings, as many as each row has cells
 * @param rows cells
 * @param scale the axis of the intervals; null where no row has one
 */
public record Table(List<String> columns, List<Row> rows, Axis scale) {
  /**
   * A row.
   *
   * @param cells texts
   * @param range what is drawn at its end; null for nothing
   */
  public record Row(List<String> cells, Range range) {
    /** A row of texts alone. */
    public static Row of(String... cells) {
      return new Row(List.of(cells), null);
    }
  }

  /** A value and the interval around it; equal for a value alone. */
  public record Range(double low, double value, double high) {
    /** Its ends; empty for a value alone. */
    public String ends() {
      return low == high ? "" : Numbers.range(low, high);
    }

    /** The same in words. */
    public String label() {
      String share = Numbers.percent(value);
      return low == high
          ? share
          : "%s (%s to %s)".formatted(share, Numbers.percent(low), Numbers.percent(high));
    }
  }

  /** A table without intervals. */
  public static Table of(List<String> columns, List<Row> rows) {
    return new Table(columns, rows, null);
  }
}
