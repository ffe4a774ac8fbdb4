package swarmformer.scoring;

import static org.apache.spark.sql.functions.broadcast;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What the batches of a job took, noted beside its output. Each attempt at a task writes a file of
 * its own once it has scored its last row. Spark tells which attempts count: an accumulator has
 * what one attempt of each task has added to it, if the tasks are those of an action's last stage.
 */
public final class BatchLog implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ATTEMPT = "attempt";
  private static final StructType SCHEMA = BatchRecord.SCHEMA.add(ATTEMPT, DataTypes.LongType);

  private final String folder;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final CollectionAccumulator<Long> attempts = new CollectionAccumulator<>();

  /** Notes batches in a directory, which need not exist. */
  public BatchLog(SparkSession spark, String folder) {
    this.folder = folder;
    this.hadoop =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    spark.sparkContext().register(attempts); // without a name: the UI would keep the list each time
  }

  /** The notes of the task of this thread. */
  Task task() {
    return new Task();
  }

  /** What one attempt at a task notes. */
  final class Task {
    private final List<String> lines = new ArrayList<>();

    /** Notes a batch right after it was scored. */
    void add(BatchRecord batch) {
      try {
        var values = batch.values();
        values.put(ATTEMPT, TaskContext.get().taskAttemptId());
        lines.add(JSON.writeValueAsString(values));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Writes the notes. */
    void write() {
      TaskContext task = TaskContext.get();
      String name =
          String.format(Locale.ROOT, "%06d-%d.json", task.partitionId(), task.taskAttemptId());
      Path file = new Path(folder, name);
      try (OutputStream out = file.getFileSystem(hadoop.value().value()).create(file, true)) {
        out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      attempts.add(task.taskAttemptId());
    }
  }

  /** The attempts that count, once the job has ended. */
  public List<Long> attempts() {
    return attempts.value();
  }

  /**
   * The batches of a job that has ended. An attempt that died may have left a part of a line; those
   * that count have written all of theirs.
   */
  public static Dataset<Row> read(SparkSession spark, String folder, List<Long> attempts) {
    Dataset<Row> counted = spark.createDataset(attempts, Encoders.LONG()).toDF(ATTEMPT);
    Dataset<Row> noted =
        attempts.isEmpty()
            ? spark.createDataFrame(List.<Row>of(), SCHEMA)
            : spark.read().schema(SCHEMA).option("mode", "DROPMALFORMED").json(folder);
    return BatchRecord.withTimestamps(noted.join(broadcast(counted), ATTEMPT).drop(ATTEMPT));
  }
}
