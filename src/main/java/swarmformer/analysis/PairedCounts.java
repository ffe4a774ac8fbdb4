package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows that two runs judge, counted.
 *
 * @param counts which of the runs is right
 * @param clusterBy what the column of groups is called; empty if the rows have none
 * @param sums over the groups; all rows are one where they have none
 */
record PairedCounts(Comparison.Counts counts, Optional<String> clusterBy, Groups.Sums sums) {
  /** Column of the group of a pair. */
  static final String GROUP = "group";

  private static final String[] COUNTS = {"both_right", "only_here", "only_there", "both_wrong"};

  /** Counts pairs by a value, which may be null. */
  static Map<String, PairedCounts> by(
      Dataset<Row> pairs, Column value, Optional<String> clusterBy) {
    Column here = col("right_here");
    Column there = col("right_there");
    Dataset<Row> groups =
        pairs
            .groupBy(value.as("value"), clusterBy.isPresent() ? col(GROUP) : lit("").as(GROUP))
            .agg(
                count_if(here.and(there)).as(COUNTS[0]),
                count_if(here.and(not(there))).as(COUNTS[1]),
                count_if(there.and(not(here))).as(COUNTS[2]),
                count_if(not(here.or(there))).as(COUNTS[3]))
            .withColumn(Groups.ROWS, Stream.of(COUNTS).map(Column::new).reduce(Column::plus).get())
            .withColumn(Groups.TOTAL, col(COUNTS[1]).minus(col(COUNTS[2])));
    Column[] figures =
        Stream.concat(Stream.of(COUNTS).skip(1).map(name -> sum(name)), Stream.of(Groups.SUMS))
            .toArray(Column[]::new);
    Map<String, PairedCounts> byValue = new HashMap<>();
    for (Row row : groups.groupBy("value").agg(sum(COUNTS[0]), figures).collectAsList()) {
      byValue.put(
          row.getString(0),
          new PairedCounts(
              new Comparison.Counts(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
              clusterBy,
              Groups.Sums.of(row, 5)));
    }
    return byValue;
  }

  /** Whether the rows have groups, and all are in one. */
  boolean isOneGroup() {
    return clusterBy.isPresent() && sums.groups() < 2;
  }

  /** Whether the runs differ by more than chance; the rows must not be of one group. */
  Comparison.Significance significance() {
    return clusterBy
        .map(
            column ->
                Comparison.Significance.of(
                    counts,
                    Groups.ofDifference(column, counts.onlyHere(), counts.onlyThere(), sums)))
        .orElseGet(() -> Comparison.Significance.of(counts));
  }
}
