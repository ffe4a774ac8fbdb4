package swarmformer.scoring;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import scala.collection.Iterable;
import scala.jdk.javaapi.CollectionConverters;
import swarmformer.data.InputSize;

/**
 * Shows how far a run is, on standard error: one line that changes on a terminal, a line every now
 * and then elsewhere. It is for a person; no result comes from it.
 *
 * <p>What a running task has counted comes with the heartbeats of its executor.
 */
public final class Progress extends SparkListener implements AutoCloseable {
  private static final int TERMINAL_EVERY_SEC = 1;
  private static final int LOG_EVERY_SEC = 15;

  private final SparkContext context;
  private final LongAccumulator done;
  private final InputSize size;
  private final PrintStream out = System.err;
  private final boolean terminal = "terminal".equals(System.getenv("SWARMFORMER_PROGRESS"));
  private final long start = System.nanoTime();
  private final Timer clock = new Timer("progress", true);
  private final Map<Long, Long> rowsByTask = new ConcurrentHashMap<>();

  private Progress(SparkContext context, LongAccumulator done, InputSize size) {
    this.context = context;
    this.done = done;
    this.size = size;
  }

  /** Starts to show how many of all rows the tasks have counted, until it is closed. */
  public static Progress show(SparkSession spark, InputSize size) {
    SparkContext context = spark.sparkContext();
    Progress progress = new Progress(context, counter(spark), size);
    context.addSparkListener(progress);
    progress.startClock();
    return progress;
  }

  /** Counts scored rows, for a person to look at; retried tasks count twice. */
  static LongAccumulator counter(SparkSession spark) {
    return spark.sparkContext().longAccumulator("texts scored");
  }

  /** What tasks count the rows in that they have scored. */
  public LongAccumulator counter() {
    return done;
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    CollectionConverters.asJava(update.accumUpdates())
        .forEach(task -> remember((Long) task._1(), task._4()));
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    remember(end.taskInfo().taskId(), end.taskInfo().accumulables());
  }

  private void remember(long task, Iterable<AccumulableInfo> counts) {
    for (AccumulableInfo count : CollectionConverters.asJava(counts)) {
      if (count.id() == done.id() && count.update().isDefined()) {
        rowsByTask.put(task, (Long) count.update().get());
      }
    }
  }

  private void startClock() {
    long everyMs = 1_000L * (terminal ? TERMINAL_EVERY_SEC : LOG_EVERY_SEC);
    clock.scheduleAtFixedRate(
        new TimerTask() {
          @Override
          public void run() {
            out.print(terminal ? "\r\033[K" + line() : line() + System.lineSeparator());
            out.flush();
          }
        },
        everyMs,
        everyMs);
  }

  private String line() {
    long total = size.rows();
    long rows = Math.min(total, rowsByTask.values().stream().mapToLong(Long::longValue).sum());
    double rate = rows / ((System.nanoTime() - start) / 1e9);
    String left =
        rate > 0 ? String.format(Locale.ROOT, ", %,.0f s left", (total - rows) / rate) : "";
    return String.format(
        Locale.ROOT,
        "%,d of %s%,d texts (%d %%), %,.0f texts/s%s",
        rows,
        size.exact() ? "" : "about ",
        total,
        total == 0 ? 100 : 100 * rows / total,
        rate,
        left);
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
    clock.cancel();
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }
}
