package swarmformer.scoring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;

/**
 * The rows of a partition with their predictions, window by window, in their order.
 *
 * <p>With a thread for the device, the device computes one window while the next is read and the
 * one before is written; no more than these three are held. Without, one is held.
 */
final class ScoredRows implements Iterator<Row> {
  private final Iterator<Window> windows;
  private final WindowScorer scorer;
  private final RowWriter writer;
  private final Consumer<WindowScorer.Scored> done;
  private final Runnable end;
  private final Optional<ExecutorService> deviceThread;
  private Iterator<Row> scored = Collections.emptyIterator();
  private Future<WindowScorer.Scored> computing;
  private boolean hasEnded;

  /**
   * Scores windows lazily.
   *
   * @param done is told of each window that was scored
   * @param end runs once the last row was given
   * @param deviceThread runs one window at a time; whoever gave it shuts it down
   */
  ScoredRows(
      Iterator<Window> windows,
      WindowScorer scorer,
      RowWriter writer,
      Consumer<WindowScorer.Scored> done,
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
    }
    return more;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (!scored.hasNext()) {
      WindowScorer.Scored window =
          deviceThread.map(this::scoreAhead).orElseGet(() -> scorer.score(windows.next()));
      done.accept(window);
      scored = write(window).iterator();
    }
    return scored.next();
  }

  /** Reads a window while the device computes the one before it, which it gives. */
  private WindowScorer.Scored scoreAhead(ExecutorService thread) {
    Future<WindowScorer.Scored> current = computing == null ? readAndStart(thread) : computing;
    Window following = windows.hasNext() ? windows.next() : null;
    WindowScorer.Scored window = await(current);
    computing = following == null ? null : start(following, thread);
    return window;
  }

  private Future<WindowScorer.Scored> readAndStart(ExecutorService thread) {
    return start(windows.next(), thread);
  }

  private Future<WindowScorer.Scored> start(Window window, ExecutorService thread) {
    return thread.submit(() -> scorer.score(window));
  }

  private static WindowScorer.Scored await(Future<WindowScorer.Scored> window) {
    try {
      return window.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The task was stopped while its device computed.", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  private List<Row> write(WindowScorer.Scored window) {
    List<Row> rows = new ArrayList<>(window.items().size());
    for (int i = 0; i < window.items().size(); i++) {
      rows.add(writer.write(window.item(i), window.logits()[i]));
    }
    return rows;
  }
}
