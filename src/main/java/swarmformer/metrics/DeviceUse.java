package swarmformer.metrics;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * What a run computed on.
 *
 * @param devices where the network ran
 * @param fallbacks why CPUs took the place of GPUs, one sentence each; empty if they did not
 * @param waitMs time that batches waited for a device, summed up
 * @param modelLoads models that the batches came from: one for each executor and device, if all is
 *     well
 */
public record DeviceUse(
    List<String> devices, List<String> fallbacks, double waitMs, long modelLoads) {
  /** Its figures, of batches that are aggregated. */
  static List<Column> aggregates() {
    return List.of(
        collect_set(col("device")),
        collect_set(col("device_fallback")),
        coalesce(sum(col("wait_ms")), lit(0.0)),
        size(collect_set(struct(col("executor"), col("model_load")))).cast("long"));
  }

  /** Reads the figures of {@link #aggregates}, of which the first is in column {@code from}. */
  static DeviceUse of(Row row, int from) {
    return new DeviceUse(
        sorted(row, from), sorted(row, from + 1), row.getDouble(from + 2), row.getLong(from + 3));
  }

  private static List<String> sorted(Row row, int column) {
    return row.<String>getList(column).stream().sorted().toList();
  }
}
