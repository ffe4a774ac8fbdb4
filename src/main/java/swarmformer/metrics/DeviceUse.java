package swarmformer.metrics;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.List;
import org.apache.spark.sql.Dataset;
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
  /** Sums up the batches data set. */
  public static DeviceUse of(Dataset<Row> batches) {
    Row row =
        batches
            .agg(
                collect_set(col("device")),
                collect_set(col("device_fallback")),
                coalesce(sum(col("wait_ms")), lit(0.0)),
                count_distinct(col("executor"), col("model_load")))
            .head();
    return new DeviceUse(sorted(row, 0), sorted(row, 1), row.getDouble(2), row.getLong(3));
  }

  private static List<String> sorted(Row row, int column) {
    return row.<String>getList(column).stream().sorted().toList();
  }
}
