package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;

import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How long the network took for a batch, of the batches for which it ran. Percentiles are latencies
 * of batches, wrong by a rank of at most one in 10,000.
 *
 * @param batches number of batches
 * @param p50Ms latency that half of the batches do not exceed
 * @param p95Ms latency that 95 of 100 batches do not exceed
 * @param p99Ms latency that 99 of 100 batches do not exceed
 * @param maxMs greatest latency
 * @param bins those with batches, of {@value #BINS} of equal width from 0 to the greatest latency
 */
public record Latencies(
    long batches, double p50Ms, double p95Ms, double p99Ms, double maxMs, List<Bin> bins) {
  private static final int BINS = 25;

  /**
   * Batches of about the same latency.
   *
   * @param fromMs least latency of the bin
   * @param toMs greatest
   * @param batches number of batches
   */
  public record Bin(double fromMs, double toMs, long batches) {}

  /** Looks at the batches dataset of a run; null where the network did not run. */
  static Latencies of(Dataset<Row> batches) {
    Dataset<Row> ran = batches.where("positions > 0");
    Row row =
        ran.selectExpr(
                "count(1)",
                "percentile_approx(model_ms, 0.5, 10000)",
                "percentile_approx(model_ms, 0.95, 10000)",
                "percentile_approx(model_ms, 0.99, 10000)",
                "max(model_ms)")
            .head();
    if (row.getLong(0) == 0) {
      return null;
    }
    double max = row.getDouble(4);
    return new Latencies(
        row.getLong(0), row.getDouble(1), row.getDouble(2), row.getDouble(3), max, bins(ran, max));
  }

  private static List<Bin> bins(Dataset<Row> ran, double max) {
    double width = max / BINS;
    return ran
        .groupBy(least(floor(col("model_ms").divide(width)), lit(BINS - 1L)).as("bin"))
        .agg(count(lit(1)))
        .collectAsList()
        .stream()
        .map(row -> new Bin(row.getLong(0) * width, (row.getLong(0) + 1) * width, row.getLong(1)))
        .sorted(Comparator.comparing(Bin::fromMs))
        .toList();
  }
}
