package swarmformer.nightly;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkThrowable;
import swarmformer.data.Failures;

/** A time before which the jobs of a session end: what runs then or later is cancelled. */
public final class Deadline implements AutoCloseable {
  /** Condition of the failure of a job that was cancelled. */
  private static final String CANCELLED = "SPARK_JOB_CANCELLED";

  /** After which time a job is cancelled that began past the deadline. */
  private static final long AGAIN_MS = 500;

  private final Optional<Instant> time;
  private final ScheduledExecutorService clock;

  @SuppressWarnings("FutureReturnValueIgnored") // what it does shows in the jobs it cancels
  private Deadline(SparkContext spark, Optional<Instant> time) {
    this.time = time;
    this.clock = Executors.newSingleThreadScheduledExecutor(Deadline::daemon);
    Instant now = Instant.now();
    time.filter(now::isBefore)
        .ifPresent(
            end ->
                clock.scheduleWithFixedDelay(
                    () -> spark.cancelAllJobs(),
                    Duration.between(now, end).toMillis() + 1,
                    AGAIN_MS,
                    TimeUnit.MILLISECONDS));
  }

  /** Begins to watch the time. */
  public static Deadline watch(SparkContext spark, Optional<Instant> time) {
    return new Deadline(spark, time);
  }

  /** Whether something that takes so long may begin. */
  boolean leaves(Duration duration) {
    return time.isEmpty() || Instant.now().plus(duration).isBefore(time.get());
  }

  boolean hasPassed() {
    return time.filter(end -> !Instant.now().isBefore(end)).isPresent();
  }

  /** Whether a failure is that of a job which it has cancelled. */
  public boolean hasEnded(Exception failure) {
    return hasPassed() && Failures.chain(failure).stream().anyMatch(Deadline::isCancellation);
  }

  private static boolean isCancellation(Throwable failure) {
    return failure instanceof SparkThrowable spark && CANCELLED.equals(spark.getCondition());
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "deadline");
    thread.setDaemon(true);
    return thread;
  }
}
