package swarmformer.scoring;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;
import swarmformer.checkpoint.ModelFiles;

/** Scores one partition on an executor, lazily. It knows nothing of where rows come from or go. */
final class ScorePartition implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /**
   * Batches to sort rows over on a GPU, which computes a batch whole, as long as its longest row. A
   * CPU computes a batch in pieces of about the same length anyway.
   */
  private static final int GPU_WINDOW_BATCHES = 8;

  private final Broadcast<ModelFiles> model;
  private final ScoringSettings settings;
  private final int carried;
  private final LongAccumulator progress;

  /**
   * Scores rows that begin with {@code carried} columns to carry along.
   *
   * @param progress counts scored rows, for a person to look at; retried tasks count twice
   */
  ScorePartition(
      Broadcast<ModelFiles> model,
      ScoringSettings settings,
      int carried,
      LongAccumulator progress) {
    this.model = model;
    this.settings = settings;
    this.carried = carried;
    this.progress = progress;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    TaskDevice device = TaskDevice.ofTask(settings.device());
    ExecutorModel executor = ExecutorModel.of(model.value(), device.device(), settings);
    RowReader reader = new RowReader(executor.network().config(), settings, carried);
    boolean gpu = device.device().isGpu();
    return new ScoredRows(
        new WindowReader(rows, reader, settings.batchSize(), gpu ? GPU_WINDOW_BATCHES : 1),
        new WindowScorer(
            executor.network()::logits,
            reader,
            device.permits(settings.devicePermits()),
            device,
            executor.load(),
            settings.batchSize()),
        new RowWriter(executor.classNames(), carried, settings.emitIds()),
        rowsDone -> progress.add(rowsDone),
        gpu ? Optional.of(deviceThread()) : Optional.empty());
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
