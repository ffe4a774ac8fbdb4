package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Accuracy of two runs by the values of a column. Values with fewer than {@value Slices#FEWEST}
 * rows of both say little: they are told together.
 *
 * @param column name of the column
 * @param slices of the values with enough rows the {@value Slices#MOST} that lost most accuracy, in
 *     order, then all others together
 */
public record ComparedSlices(String column, List<ComparedSlice> slices) {
  /**
   * Rows of one value.
   *
   * @param value as text
   * @param counts which of the runs is right
   * @param accuracyHere accuracy of this run
   * @param accuracyThere that of the other
   * @param difference the first minus the second
   * @param interval where the true difference of this value lies, found as that of all rows; null
   *     where its rows are of one group and groups were named
   */
  public record ComparedSlice(
      String value,
      Comparison.Counts counts,
      double accuracyHere,
      double accuracyThere,
      double difference,
      Interval interval) {
    static ComparedSlice of(String value, PairedCounts paired) {
      Comparison.Counts counts = paired.counts();
      return new ComparedSlice(
          value,
          counts,
          counts.accuracyHere(),
          counts.accuracyThere(),
          counts.difference(),
          paired.isOneGroup() ? null : paired.significance().interval());
    }
  }

  /**
   * By a column of pairs.
   *
   * @param column what it is called
   * @param value the column, without null
   * @param clusterBy what the column of groups is called; empty if there is none
   */
  static ComparedSlices of(
      Dataset<Row> pairs, String column, Column value, Optional<String> clusterBy) {
    Column difference = col("right_here").cast("int").minus(col("right_there").cast("int"));
    Dataset<Row> grouped =
        pairs
            .groupBy(value.as("value"))
            .agg(count(lit(1)).as("rows"), sum(difference).as("difference"));
    List<String> told =
        grouped
            .where(col("rows").geq(Slices.FEWEST))
            .orderBy(col("difference").divide(col("rows")), col("rows").desc(), col("value"))
            .limit(Slices.MOST)
            .select("value")
            .as(Encoders.STRING())
            .collectAsList();
    Map<String, PairedCounts> counts =
        PairedCounts.by(pairs, when(value.isin(told.toArray()), value), clusterBy);
    List<ComparedSlice> slices = new ArrayList<>();
    told.forEach(each -> slices.add(ComparedSlice.of(each, counts.get(each))));
    if (counts.containsKey(null)) {
      slices.add(ComparedSlice.of(Slices.othersThan(told, grouped), counts.get(null)));
    }
    return new ComparedSlices(column, List.copyOf(slices));
  }
}
