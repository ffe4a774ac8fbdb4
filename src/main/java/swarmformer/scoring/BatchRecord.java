package swarmformer.scoring;

import static org.apache.spark.sql.functions.timestamp_micros;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import swarmformer.model.Cuda;
import swarmformer.model.ProcessMemory;

/**
 * What scoring one batch took.
 *
 * @param number counts the batches of a partition from 0
 * @param rows rows of the batch, those with an error included
 * @param errors rows that could not be scored
 * @param undecodable scored rows whose text holds U+FFFD
 * @param tokens token ids of the scored rows
 * @param positions positions that the network computed for them, padding included
 * @param times when and how long
 * @param device where the network ran
 * @param modelLoad number of the load, among those of the executor, that the network came from
 */
record BatchRecord(
    int number,
    int rows,
    int errors,
    int undecodable,
    long tokens,
    long positions,
    Times times,
    TaskDevice device,
    int modelLoad) {
  /**
   * When and how long.
   *
   * @param started when its rows were ready for the network
   * @param tokeniseMs time to read and tokenise: of what its window took, the share of its rows
   * @param waitMs time until it had the device
   * @param modelMs time of the network, ending when the result is on the heap
   */
  record Times(Instant started, double tokeniseMs, double waitMs, double modelMs) {}

  private static final String STARTED = "started";

  /** Columns of the batches data set; its time in microseconds, for {@link #withTimestamps}. */
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
          .add("device_bytes", DataTypes.LongType);

  /** Sums up the rows of a batch that was scored. */
  static BatchRecord of(
      int number,
      List<RowReader.Item> items,
      long positions,
      Times times,
      TaskDevice device,
      int modelLoad) {
    return new BatchRecord(
        number,
        items.size(),
        (int) items.stream().filter(item -> !item.scorable()).count(),
        (int) items.stream().filter(RowReader.Item::undecodable).count(),
        items.stream().mapToLong(RowReader.Item::length).sum(),
        positions,
        times,
        device,
        modelLoad);
  }

  /**
   * Makes a timestamp of the time in rows of {@link #SCHEMA}. Which class of Java a row holds for
   * one depends on {@code spark.sql.datetime.java8API.enabled}.
   */
  static Column withTimestamps(Column batch) {
    return batch.withField(STARTED, timestamp_micros(batch.getField(STARTED)));
  }

  /** A row of the batches data set, with what this task and JVM add. */
  Row toRow() {
    SparkEnv executor = SparkEnv.get();
    return RowFactory.create(
        TaskContext.getPartitionId(),
        number,
        rows,
        errors,
        undecodable,
        tokens,
        positions,
        times.tokeniseMs(),
        times.waitMs(),
        times.modelMs(),
        device.name(),
        device.address(),
        device.fallback(),
        modelLoad,
        executor.executorId(),
        executor.blockManager().blockManagerId().host(),
        ChronoUnit.MICROS.between(Instant.EPOCH, times.started()),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        ProcessMemory.residentBytes(),
        Cuda.bytesInUse(device.device()));
  }
}
