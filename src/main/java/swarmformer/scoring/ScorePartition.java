package swarmformer.scoring;

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
  private final BatchLog log;

  /**
   * Scores rows that begin with {@code carried} columns to carry along.
   *
   * @param progress counts scored rows, for a person to look at; retried tasks count twice
   * @param log notes what the batches took
   */
  private ScorePartition(
      BroadcastModel model,
      ScoringSettings settings,
      int carried,
      LongAccumulator progress,
      Optional<BatchLog> log) {
    this.model = model;
    this.settings = settings;
    this.carried = carried;
    this.progress = progress;
    this.log = log.orElse(null);
  }

  /**
   * Scores rows, lazily: what they carry, and the columns of {@link PredictionColumns}.
   *
   * @param log notes what the batches took
   */
  static Dataset<Row> score(
      Texts texts,
      BroadcastModel model,
      ScoringSettings settings,
      LongAccumulator progress,
      Optional<BatchLog> log) {
    StructField[] columns = texts.rows().schema().fields();
    StructType schema =
        PredictionColumns.addTo(
            new StructType(Arrays.copyOf(columns, texts.carried())),
            settings.emitted() != EmittedIds.NONE);
    return texts
        .rows()
        .mapPartitions(
            new ScorePartition(model, settings, texts.carried(), progress, log),
            Encoders.row(schema));
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    TaskScorer task = TaskScorer.of(model.files(), settings, carried);
    int batches = task.gpu() ? GPU_WINDOW_BATCHES : 1;
    Optional<BatchLog.Task> notes = Optional.ofNullable(log).map(BatchLog::task);
    return new ScoredRows(
        new WindowReader(rows, task.reader(), settings.batchSize(), batches),
        task.scorer(),
        task.writer(),
        window -> {
          progress.add(window.items().size());
          notes.ifPresent(noted -> window.batches().forEach(noted::add));
        },
        () -> notes.ifPresent(BatchLog.Task::write),
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
