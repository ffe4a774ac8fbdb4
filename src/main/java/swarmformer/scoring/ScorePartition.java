package swarmformer.scoring;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Texts;

/** Scores one partition on an executor, lazily. It knows nothing of where rows come from or go. */
final class ScorePartition implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /**
   * Batches to sort rows over on a GPU, which computes a batch whole, as long as its longest row. A
   * CPU computes a batch in pieces of about the same length anyway.
   */
  private static final int GPU_WINDOW_BATCHES = 8;

  private final BroadcastModel model;
  private final ScoringSettings settings;
  private final int carried;
  private final LongAccumulator progress;

  /**
   * Scores rows that begin with {@code carried} columns to carry along.
   *
   * @param progress counts scored rows, for a person to look at; retried tasks count twice
   */
  private ScorePartition(
      BroadcastModel model, ScoringSettings settings, int carried, LongAccumulator progress) {
    this.model = model;
    this.settings = settings;
    this.carried = carried;
    this.progress = progress;
  }

  /**
   * Scores rows, lazily: what they carry, the columns of {@link PredictionColumns}, and {@value
   * ScoreRows#BATCH}.
   *
   * @param rows with the columns of {@link Texts#rows}
   */
  static Dataset<Row> score(
      Dataset<Row> rows, BroadcastModel model, ScoringSettings settings, LongAccumulator progress) {
    StructField[] columns = rows.schema().fields();
    int carried = columns.length - 2;
    StructType schema =
        PredictionColumns.addTo(
                new StructType(Arrays.copyOf(columns, carried)),
                settings.emitted() != EmittedIds.NONE)
            .add(ScoreRows.BATCH, BatchRecord.SCHEMA);
    return rows.mapPartitions(
            new ScorePartition(model, settings, carried, progress), Encoders.row(schema))
        .withColumn(ScoreRows.BATCH, BatchRecord.withTimestamps(col(ScoreRows.BATCH)));
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    TaskScorer task = TaskScorer.of(model.files(), settings, carried);
    int batches = task.gpu() ? GPU_WINDOW_BATCHES : 1;
    return new ScoredRows(
        new WindowReader(rows, task.reader(), settings.batchSize(), batches),
        task.scorer(),
        task.writer(),
        rowsDone -> progress.add(rowsDone),
        task.gpu() ? Optional.of(deviceThread()) : Optional.empty());
  }

  /** A thread that ends with the task of this thread, however that ends. */
  static ExecutorService deviceThread() {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, "swarmformer-device");
              made.setDaemon(true);
              return made;
            });
    TaskContext.get()
        .addTaskCompletionListener((TaskCompletionListener) task -> thread.shutdownNow());
    return thread;
  }
}
