package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import swarmformer.LocalSpark;

@Tag("long")
final class DeviceThreadIT extends PartitionScorerBase {
  private static volatile ExecutorService taskThread;

  @Test
  void failsWithWhatFailedOnTheDevice() {
    Iterator<Row> scored =
        scored(
            rows.iterator(),
            8,
            2,
            ids -> {
              throw new IllegalArgumentException("no such kernel");
            },
            false,
            Optional.of(deviceThread));
    assertThatThrownBy(scored::next)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no such kernel");
    assertThat(permits.availablePermits()).isEqualTo(1);
  }

  @Test
  void waitsForTheDeviceWithItsRowsReady() throws Exception {
    permits.acquire();
    ExecutorService task = Executors.newSingleThreadExecutor();
    Future<Row> first = task.submit(score(rows, 10, 1, true)::next);
    while (!permits.hasQueuedThreads()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    assertThat(first.isDone()).isFalse();
    permits.release();
    first.get();
    assertThat(records.get(0).times().waitMs()).isPositive();
    task.shutdownNow();
  }

  @Test
  void stopsWaitingWhenItsTaskIsStopped() throws Exception {
    permits.acquire();
    ExecutorService task = Executors.newSingleThreadExecutor();
    Future<Throwable> failure =
        task.submit(
            () -> org.assertj.core.api.Assertions.catchThrowable(score(rows, 10, 1, true)::next));
    while (!permits.hasQueuedThreads()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    task.shutdownNow(); // as Spark interrupts a task
    assertThat(failure.get()).hasMessage("The task was stopped while its device computed.");
    deviceThread.shutdownNow(); // as the listener does at its end
    assertThat(deviceThread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(permits.hasQueuedThreads()).isFalse();
    assertThat(permits.availablePermits()).isZero();
  }

  @Test
  void endsTheThreadOfTheDeviceWithItsTask() throws Exception {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    context.parallelize(List.of("done"), 1).foreach(DeviceThreadIT::occupyDevice);
    assertThat(taskThread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(
            () -> context.parallelize(List.of("fail"), 1).foreach(DeviceThreadIT::occupyDevice))
        .hasMessageContaining("the task fails");
    assertThat(taskThread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Also before its task ends, which may have other partitions to read. */
  @Test
  void endsTheThreadOfTheDeviceWithItsRows() {
    score(rows, 10, 1, true)
        .forEachRemaining(row -> assertThat(deviceThread.isShutdown()).isFalse());
    assertThat(deviceThread.isShutdown()).isTrue();
  }

  private static void occupyDevice(String end) {
    taskThread = PartitionScorer.deviceThread();
    Future<?> unused = taskThread.submit(() -> taskThread.awaitTermination(1, TimeUnit.HOURS));
    if (end.equals("fail")) {
      throw new IllegalArgumentException("the task fails");
    }
  }
}
