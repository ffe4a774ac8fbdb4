package swarmformer.metrics;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the batches of a run took. Latencies are those of the network, {@code model_ms}, in the
 * batches for which it ran; they are null where there was none.
 *
 * @param batches number of batches
 * @param undecodable scored rows whose text holds U+FFFD
 * @param positions positions that the network computed
 * @param tokeniseMs sum over all batches, whatever ran at the same time
 * @param modelMs sum over all batches, whatever ran at the same time
 * @param meanMs mean latency
 * @param p50Ms median latency
 * @param p95Ms latency that 95 of 100 batches do not exceed
 * @param minMs least latency
 * @param maxMs greatest latency
 * @param peakHeapBytes greatest Java heap of an executor
 * @param peakProcessBytes greatest resident memory of an executor; null where unknown
 * @param peakDeviceBytes greatest memory of a GPU; null where there is none
 * @param use devices and loads of the model
 */
public record BatchTimings(
    long batches,
    long undecodable,
    long positions,
    double tokeniseMs,
    double modelMs,
    Double meanMs,
    Double p50Ms,
    Double p95Ms,
    Double minMs,
    Double maxMs,
    Long peakHeapBytes,
    Long peakProcessBytes,
    Long peakDeviceBytes,
    DeviceUse use) {
  /** Percentiles are latencies of batches, wrong by a rank of at most one in so many. */
  private static final int PERCENTILE_ACCURACY = 10_000;

  /** Sums up the batches dataset. */
  public static BatchTimings of(Dataset<Row> batches) {
    Column latency = when(col("positions").gt(0), col("model_ms"));
    List<Column> figures =
        new ArrayList<>(
            List.of(
                count(lit(1)),
                coalesce(sum(col("undecodable")), lit(0L)),
                coalesce(sum(col("positions")), lit(0L)),
                coalesce(sum(col("tokenise_ms")), lit(0.0)),
                coalesce(sum(col("model_ms")), lit(0.0)),
                avg(latency),
                percentile_approx(latency, lit(0.5), lit(PERCENTILE_ACCURACY)),
                percentile_approx(latency, lit(0.95), lit(PERCENTILE_ACCURACY)),
                min(latency),
                max(latency),
                max(col("heap_bytes")),
                max(col("process_bytes")),
                max(col("device_bytes"))));
    int own = figures.size();
    figures.addAll(DeviceUse.aggregates());
    Row row =
        batches
            .agg(figures.get(0), figures.subList(1, figures.size()).toArray(Column[]::new))
            .head();
    return new BatchTimings(
        row.getLong(0),
        row.getLong(1),
        row.getLong(2),
        row.getDouble(3),
        row.getDouble(4),
        row.<Double>getAs(5),
        row.<Double>getAs(6),
        row.<Double>getAs(7),
        row.<Double>getAs(8),
        row.<Double>getAs(9),
        row.<Long>getAs(10),
        row.<Long>getAs(11),
        row.<Long>getAs(12),
        DeviceUse.of(row, own));
  }
}
