package swarmformer.scoring;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What scoring one batch took.
 *
 * @param number counts the batches of a partition from 0
 * @param rows rows of the batch, those with an error included
 * @param errors rows that could not be scored
 * @param undecodable scored rows whose text holds U+FFFD
 * @param tokens token ids of the scored rows
 * @param positions positions that the network computed for them, padding included
 * @param tokeniseMs time to read and tokenise
 * @param modelMs time of the network, ending when the result is on the heap
 * @param device where the network ran
 * @param started when the batch began
 */
record BatchRecord(
    int number,
    int rows,
    int errors,
    int undecodable,
    long tokens,
    long positions,
    double tokeniseMs,
    double modelMs,
    String device,
    Instant started) {
  /** Columns of the batches data set. */
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
          .add("model_ms", DataTypes.DoubleType)
          .add("device", DataTypes.StringType)
          .add("executor", DataTypes.StringType)
          .add("host", DataTypes.StringType)
          .add("started", DataTypes.TimestampType)
          .add("heap_bytes", DataTypes.LongType)
          .add("process_bytes", DataTypes.LongType)
          .add("device_bytes", DataTypes.LongType);

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
        tokeniseMs,
        modelMs,
        device,
        executor.executorId(),
        executor.blockManager().blockManagerId().host(),
        Timestamp.from(started),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        processBytes(),
        null);
  }

  /** Resident memory of this process; null where the system does not tell. */
  static Long processBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
          .findFirst()
          .orElse(null);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
