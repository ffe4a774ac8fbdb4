package swarmformer.scoring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.Texts;
import swarmformer.errors.DeviceException;

/** Scores the rows of one task with the model of its executor: row, ids, logits, row. */
final class PartitionScorer {
  private final RowTokenizer tokenizer;
  private final BatchScorer scorer;
  private final PredictionWriter writer;
  private final int windowBatches;
  private final int batchSize;
  private final boolean gpu;

  private PartitionScorer(
      ExecutorModel model, TaskDevice device, ScoringSettings settings, int carried) {
    this.batchSize = settings.batchSize();
    this.gpu = device.device().isGpu();
    this.windowBatches = ScoringSettings.windowBatches(device.device());
    this.tokenizer = new RowTokenizer(model.network().config(), settings, carried);
    this.scorer =
        new BatchScorer(
            model.network()::logits,
            model.classNames(),
            tokenizer,
            ExecutorState.ofJvm().permits(device.device(), settings.devicePermits()),
            device,
            model.load(),
            batchSize);
    this.writer =
        new PredictionWriter(model.classNames(), carried, settings.emitted() != EmittedIds.NONE);
  }

  /**
   * Makes one for the task of this thread, loading the model if no task of this JVM has.
   *
   * @param carried number of columns that rows of {@link Texts#rows} begin with, to carry along
   * @throws DeviceException if this executor cannot use the device, with its name
   */
  static PartitionScorer ofTask(ModelFiles model, ScoringSettings settings, int carried) {
    try {
      ExecutorState.Placed placed = ExecutorState.ofJvm().place(model, settings);
      return new PartitionScorer(placed.model(), placed.device(), settings, carried);
    } catch (DeviceException e) {
      throw DeviceCheck.withExecutor(e);
    }
  }

  /** Scores one row by itself. */
  Row score(Row row) {
    BatchScorer.Scored scored = scorer.score(new BatchWindow(List.of(tokenizer.read(row)), 0));
    return writer.write(scored.row(0), scored.logits()[0]);
  }

  /**
   * Scores rows lazily, in their order.
   *
   * @param done is told of each window that was scored
   * @param end runs once the last row was given
   */
  Iterator<Row> score(Iterator<Row> rows, Consumer<BatchScorer.Scored> done, Runnable end) {
    return new Rows(
        new BatchWindow.Reader(rows, tokenizer, batchSize, windowBatches),
        scorer,
        writer,
        done,
        end,
        gpu ? Optional.of(deviceThread()) : Optional.empty());
  }

  /**
   * A thread that ends with the task of this thread, however that ends, and before the network that
   * it uses may be closed.
   */
  static ExecutorService deviceThread() {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, "swarmformer-device");
              made.setDaemon(true);
              return made;
            });
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                task -> {
                  thread.shutdownNow();
                  awaitEnd(thread);
                });
    return thread;
  }

  /** Waits even where the task was killed, whose thread is interrupted: a network is in use. */
  private static void awaitEnd(ExecutorService thread) {
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The rows of a partition with their predictions, window by window.
   *
   * <p>With a thread for the device, the device computes one window while the next is read and the
   * one before is written; no more than these three are held. Without, one is held.
   */
  static final class Rows implements Iterator<Row> {
    private final Iterator<BatchWindow> windows;
    private final BatchScorer scorer;
    private final PredictionWriter writer;
    private final Consumer<BatchScorer.Scored> done;
    private final Runnable end;
    private final Optional<ExecutorService> deviceThread;
    private Iterator<Row> scored = Collections.emptyIterator();
    private Future<BatchScorer.Scored> computing;
    private boolean hasEnded;

    /**
     * Scores windows lazily.
     *
     * @param deviceThread runs one window at a time, and is shut down after the last row; whoever
     *     gave it shuts it down if that is not reached
     */
    Rows(
        Iterator<BatchWindow> windows,
        BatchScorer scorer,
        PredictionWriter writer,
        Consumer<BatchScorer.Scored> done,
        Runnable end,
        Optional<ExecutorService> deviceThread) {
      this.windows = windows;
      this.scorer = scorer;
      this.writer = writer;
      this.done = done;
      this.end = end;
      this.deviceThread = deviceThread;
    }

    @Override
    public boolean hasNext() {
      boolean more = scored.hasNext() || computing != null || windows.hasNext();
      if (!more && !hasEnded) {
        hasEnded = true;
        end.run();
        deviceThread.ifPresent(ExecutorService::shutdown); // a task may read many partitions
      }
      return more;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (!scored.hasNext()) {
        BatchScorer.Scored window =
            deviceThread.map(this::scoreAhead).orElseGet(() -> scorer.score(windows.next()));
        done.accept(window);
        scored = write(window).iterator();
      }
      return scored.next();
    }

    /** Reads a window while the device computes the one before it, which it gives. */
    private BatchScorer.Scored scoreAhead(ExecutorService thread) {
      Future<BatchScorer.Scored> current =
          computing == null ? start(windows.next(), thread) : computing;
      BatchWindow following = windows.hasNext() ? windows.next() : null;
      BatchScorer.Scored window = await(current);
      computing = following == null ? null : start(following, thread);
      return window;
    }

    private Future<BatchScorer.Scored> start(BatchWindow window, ExecutorService thread) {
      return thread.submit(() -> scorer.score(window));
    }

    /** An error, as of memory, is thrown as such: Spark then ends the executor, as it should. */
    private static BatchScorer.Scored await(Future<BatchScorer.Scored> window) {
      try {
        return window.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("The task was stopped while its device computed.", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw e.getCause() instanceof RuntimeException failure
            ? failure
            : new IllegalStateException(e.getCause());
      }
    }

    private List<Row> write(BatchScorer.Scored window) {
      List<Row> rows = new ArrayList<>(window.rows().size());
      for (int i = 0; i < window.rows().size(); i++) {
        rows.add(writer.write(window.row(i), window.logits()[i]));
      }
      return rows;
    }
  }
}
