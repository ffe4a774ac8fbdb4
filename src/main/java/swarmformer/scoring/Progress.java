package swarmformer.scoring;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.util.LongAccumulator;

/**
 * Shows how far a run is, on standard error: one line that changes on a terminal, a line every now
 * and then elsewhere. It is for a person; no result comes from it.
 */
final class Progress implements AutoCloseable {
  private static final int TERMINAL_EVERY_SEC = 1;
  private static final int LOG_EVERY_SEC = 15;

  private final LongAccumulator done;
  private final long total;
  private final PrintStream out = System.err;
  private final boolean terminal = "terminal".equals(System.getenv("SWARMFORMER_PROGRESS"));
  private final long start = System.nanoTime();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Progress::daemon);

  /** Starts to show how many of {@code total} rows are done. */
  @SuppressWarnings("FutureReturnValueIgnored") // a line that is not shown is no failure
  Progress(LongAccumulator done, long total) {
    this.done = done;
    this.total = total;
    int everySec = terminal ? TERMINAL_EVERY_SEC : LOG_EVERY_SEC;
    clock.scheduleAtFixedRate(this::show, everySec, everySec, TimeUnit.SECONDS);
  }

  private void show() {
    out.print(terminal ? "\r\033[K" + line() : line() + System.lineSeparator());
    out.flush();
  }

  private String line() {
    long rows = Math.min(done.value(), total);
    double seconds = (System.nanoTime() - start) / 1e9;
    double rate = rows / seconds;
    String left = rate > 0 ? ", %.0f s left".formatted((total - rows) / rate) : "";
    return String.format(
        Locale.ROOT,
        "%,d of %,d texts (%d %%), %,.0f texts/s%s",
        rows,
        total,
        total == 0 ? 100 : 100 * rows / total,
        rate,
        left);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "progress");
    thread.setDaemon(true);
    return thread;
  }
}
