package swarmformer.scoring;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.timestamp_micros;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import swarmformer.model.Cuda;
import swarmformer.model.ProcessMemory;

/**
 * What scoring one batch took.
 *
 * @param number counts the batches of a partition from 0
 * @param counts what became of its rows
 * @param positions positions that the network computed for them, padding included
 * @param times when and how long
 * @param device where the network ran
 * @param modelLoad number of the load, among those of the executor, that the network came from
 */
record BatchRecord(
    int number, BatchCounts counts, long positions, Times times, TaskDevice device, int modelLoad) {
  /**
   * When and how long.
   *
   * @param started when its window was ready for the network
   * @param tokeniseMs time to read and tokenise: of what its window took, the share of its rows
   * @param waitMs time until the window had the device: the share of its rows
   * @param modelMs time of the network, ending when the result is on the heap: of what its window
   *     took, the share of its positions
   */
  record Times(Instant started, double tokeniseMs, double waitMs, double modelMs) {
    /** Those of a part of the window. */
    Times part(double rows, double positions) {
      return new Times(started, tokeniseMs * rows, waitMs * rows, modelMs * positions);
    }
  }

  private static final String STARTED = "started";

  private static final DataType COUNTS =
      DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType, false);

  /** Columns of the batches dataset; its time in microseconds, for {@link #withTimestamps}. */
  static final StructType SCHEMA =
      new StructType()
          .add("partition", DataTypes.IntegerType)
          .add("batch", DataTypes.IntegerType)
          .add("rows", DataTypes.IntegerType)
          .add("errors", DataTypes.IntegerType)
          .add("undecodable", DataTypes.IntegerType)
          .add("tokens", DataTypes.LongType)
          .add("positions", DataTypes.LongType)
          .add("tokenise_ms", DataTypes.DoubleType)
          .add("wait_ms", DataTypes.DoubleType)
          .add("model_ms", DataTypes.DoubleType)
          .add("device", DataTypes.StringType)
          .add("device_address", DataTypes.StringType)
          .add("device_fallback", DataTypes.StringType)
          .add("model_load", DataTypes.IntegerType)
          .add("executor", DataTypes.StringType)
          .add("host", DataTypes.StringType)
          .add(STARTED, DataTypes.LongType)
          .add("heap_bytes", DataTypes.LongType)
          .add("process_bytes", DataTypes.LongType)
          .add("device_bytes", DataTypes.LongType)
          .add("truncated", DataTypes.IntegerType)
          .add("error_kinds", COUNTS)
          .add("by_sentiment", COUNTS)
          .add("labelled", DataTypes.IntegerType)
          .add("unreadable_labels", DataTypes.IntegerType);

  /** Makes a timestamp of the time in rows of {@link #SCHEMA}. */
  static Dataset<Row> withTimestamps(Dataset<Row> batches) {
    return batches.withColumn(STARTED, timestamp_micros(col(STARTED)));
  }

  /** The values of {@link #SCHEMA} by name, with what this task and JVM add. */
  Map<String, Object> values() {
    SparkEnv executor = SparkEnv.get();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("partition", TaskContext.getPartitionId());
    values.put("batch", number);
    values.put("rows", counts.rows());
    values.put("errors", counts.rows() - counts.scored());
    values.put("undecodable", counts.undecodable());
    values.put("tokens", counts.tokens());
    values.put("positions", positions);
    values.put("tokenise_ms", times.tokeniseMs());
    values.put("wait_ms", times.waitMs());
    values.put("model_ms", times.modelMs());
    values.put("device", device.name());
    values.put("device_address", device.address());
    values.put("device_fallback", device.fallback());
    values.put("model_load", modelLoad);
    values.put("executor", executor.executorId());
    values.put("host", executor.blockManager().blockManagerId().host());
    values.put(STARTED, ChronoUnit.MICROS.between(Instant.EPOCH, times.started()));
    values.put("heap_bytes", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    values.put("process_bytes", ProcessMemory.residentBytes());
    values.put("device_bytes", Cuda.bytesInUse(device.device()));
    values.put("truncated", counts.truncated());
    values.put("error_kinds", counts.errors());
    values.put("by_sentiment", counts.bySentiment());
    values.put("labelled", counts.labelled());
    values.put("unreadable_labels", counts.unreadableLabels());
    return values;
  }
}
