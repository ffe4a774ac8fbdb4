package swarmformer.nightly;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;

/** A time before which the jobs of a session end: what runs then is cancelled. */
final class Deadline implements AutoCloseable {
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
                clock.schedule(
                    () -> spark.cancelAllJobs(),
                    Duration.between(now, end).toMillis() + 1,
                    TimeUnit.MILLISECONDS));
  }

  /** Begins to watch the time. */
  static Deadline watch(SparkContext spark, Optional<Instant> time) {
    return new Deadline(spark, time);
  }

  /** Whether something that takes so long may begin. */
  boolean leaves(Duration duration) {
    return time.isEmpty() || Instant.now().plus(duration).isBefore(time.get());
  }

  boolean hasPassed() {
    return !leaves(Duration.ZERO);
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
