package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class LostExecutorsTest {
  @Test
  void saysHowOftenAnExecutorDied() {
    Exception failure =
        new IllegalStateException(
            new SparkException(
                "Job aborted due to stage failure: Task 1 in stage 4.0 failed 4 times, most recent failure: Lost task 1.3 in stage 4.0 (TID 19) (10.0.0.7 executor 5): ExecutorLostFailure (executor 5 exited caused by one of the running tasks) Reason: Command exited with code 137\nDriver stacktrace:"));
    Exception explained = LostExecutors.translate(failure);
    assertThat(explained)
        .hasMessage(
            "Cannot finish: an executor died at each of 4 attempts of a task, at last executor 5 (Command exited with code 137). If memory ran out, raise spark.executor.memoryOverhead; the log of that executor may tell more.")
        .hasCause(failure);
    assertThat(ExitCode.of(explained)).isEqualTo(ExitCode.DEVICE);
  }

  @Test
  void leavesOtherFailuresAsTheyAre() {
    Exception bug = new IllegalStateException("Task 1 failed 4 times, most recent failure: NPE");
    assertThat(LostExecutors.translate(bug)).isSameAs(bug);
  }
}
