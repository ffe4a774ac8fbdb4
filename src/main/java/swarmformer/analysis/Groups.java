package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.errors.InputException;

/**
 * Rows in groups that are alike, such as reviews of one film: they tell less than as many rows that
 * have nothing to do with each other.
 *
 * @param column whose values are the groups; null is one of them
 * @param number of groups
 * @param interval where the true accuracy, or difference of two accuracies, lies: Wilson's, or
 *     Tango's, interval of as many rows as the cluster-robust standard error is worth, at the
 *     quantile of Student's t
 * @param effectiveRows rows without groups that would tell as much
 */
public record Groups(String column, long number, Interval interval, double effectiveRows) {
  /** Column of the rows of a group. */
  static final String ROWS = "rows_of_group";

  /** Column of the sum over a group of what each of its rows counts. */
  static final String TOTAL = "total_of_group";

  /** What sums up groups, in the order of {@link Sums}. */
  static final Column[] SUMS = {
    count(lit(1)),
    sum(ROWS),
    sum(TOTAL),
    sum(col(TOTAL).multiply(col(TOTAL))),
    sum(col(TOTAL).multiply(col(ROWS))),
    sum(col(ROWS).multiply(col(ROWS)))
  };

  /**
   * Sums over groups.
   *
   * @param groups number of groups
   * @param rows sum of their rows
   * @param total sum of their totals
   * @param squares sum of the squares of their totals
   * @param products sum of their totals, each times its rows
   * @param rowSquares sum of the squares of their rows
   */
  record Sums(long groups, long rows, long total, long squares, long products, long rowSquares) {
    /** Those that {@link #SUMS} has put into a row, from a place on. */
    static Sums of(Row row, int from) {
      return new Sums(
          row.getLong(from),
          row.getLong(from + 1),
          row.getLong(from + 2),
          row.getLong(from + 3),
          row.getLong(from + 4),
          row.getLong(from + 5));
    }

    /** Those of the rows and the total of each group. */
    static Sums of(Collection<long[]> groups) {
      return new Sums(
          groups.size(),
          groups.stream().mapToLong(of -> of[0]).sum(),
          groups.stream().mapToLong(of -> of[1]).sum(),
          groups.stream().mapToLong(of -> of[1] * of[1]).sum(),
          groups.stream().mapToLong(of -> of[1] * of[0]).sum(),
          groups.stream().mapToLong(of -> of[0] * of[0]).sum());
    }

    /**
     * Rows without groups that would tell as much.
     *
     * @param variance of what a row counts
     */
    double effectiveRows(double variance) {
      double ofMean = varianceOfMean();
      return variance == 0 ? (double) groups : ofMean == 0 ? (double) rows : variance / ofMean;
    }

    /**
     * The cluster-robust one: the sum of the squares of how much more a group has than its rows
     * make expect, computed without rounding.
     */
    private double varianceOfMean() {
      BigInteger n = BigInteger.valueOf(rows);
      BigInteger sum = BigInteger.valueOf(total);
      BigInteger excess =
          n.multiply(n)
              .multiply(BigInteger.valueOf(squares))
              .subtract(n.multiply(sum).multiply(BigInteger.valueOf(products)).shiftLeft(1))
              .add(sum.multiply(sum).multiply(BigInteger.valueOf(rowSquares)));
      return groups / (groups - 1.0) * excess.doubleValue() / Math.pow((double) rows, 4);
    }

    private double quantile() {
      return students(groups).inverseCumulativeProbability(0.975);
    }
  }

  /**
   * Of an accuracy.
   *
   * @throws InputException if all rows are in one group
   */
  static Groups ofAccuracy(Dataset<Row> judged, String column) {
    Dataset<Row> groups =
        judged
            .groupBy(LabelledRows.textOf(column))
            .agg(count(lit(1)).as(ROWS), sum(LabelledRows.RIGHT).as(TOTAL))
            .select(ROWS, TOTAL);
    Sums sums = Sums.of(groups.select(SUMS).head(), 0);
    if (sums.groups() < 2) {
      throw tooFew(column, "all rows with a label and a prediction");
    }
    return ofAccuracy(column, sums);
  }

  /**
   * Of an accuracy.
   *
   * @param column what the groups are called
   * @param groups of each row
   * @param right whether each row is
   * @return empty if all rows are in one group
   */
  public static Optional<Groups> ofAccuracy(
      String column, List<String> groups, List<Boolean> right) {
    Map<String, long[]> byGroup = new HashMap<>(); // rows, and those that are right
    for (int row = 0; row < groups.size(); row++) {
      long[] of = byGroup.computeIfAbsent(groups.get(row), group -> new long[2]);
      of[0]++;
      of[1] += right.get(row) ? 1 : 0;
    }
    Sums sums = Sums.of(byGroup.values());
    return sums.groups() < 2 ? Optional.empty() : Optional.of(ofAccuracy(column, sums));
  }

  private static Groups ofAccuracy(String column, Sums sums) {
    double share = (double) sums.total() / sums.rows();
    double worth = sums.effectiveRows(share * (1 - share));
    return new Groups(column, sums.groups(), Interval.wilson(share, worth, sums.quantile()), worth);
  }

  /**
   * Of the difference of two accuracies.
   *
   * @param here rows that only the first run has right
   * @param there rows that only the second run has right
   * @param sums over at least two groups; a row of the first kind counts 1, of the second -1
   */
  static Groups ofDifference(String column, long here, long there, Sums sums) {
    double first = (double) here / sums.rows();
    double second = (double) there / sums.rows();
    double difference = first - second;
    double worth = sums.effectiveRows(first + second - difference * difference);
    return new Groups(
        column,
        sums.groups(),
        Interval.pairedDifference(first * worth, second * worth, worth, sums.quantile()),
        worth);
  }

  /** How likely Student's t is so far from 0, on either side. */
  double pValue(double t) {
    return Math.min(1, 2 * students(number).cumulativeProbability(-Math.abs(t)));
  }

  private static TDistribution students(long groups) {
    return new TDistribution(null, groups - 1.0, 1e-14);
  }

  /** That rows have one group only. */
  static InputException tooFew(String column, String rows) {
    return new InputException(
        "Cannot cluster by '%s': %s have one value of it. Set --cluster-by to a column that groups them."
            .formatted(column, rows));
  }
}
