package swarmformer.jobs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import swarmformer.data.ReadErrors;
import swarmformer.model.DeviceException;

/** Tells executors that die again and again from a bug, and says it in one line. */
final class LostExecutors {
  /** What Spark's scheduler says when a task may not be tried again. */
  private static final Pattern LOST =
      Pattern.compile(
          "failed (\\d+) times, most recent failure: Lost task .*"
              + "ExecutorLostFailure \\(executor (\\S+) .*\\) Reason: (.*)");

  private LostExecutors() {}

  /**
   * Gives the exception to report for a failure that nobody foresaw.
   *
   * @return a {@link DeviceException} if executors died at each attempt of a task, or the failure
   *     itself
   */
  static Exception translate(Exception failure) {
    for (Throwable cause : ReadErrors.chain(failure)) {
      Matcher lost = LOST.matcher(String.valueOf(cause.getMessage()));
      if (lost.find()) {
        return new DeviceException(explain(lost.group(1), lost.group(2), lost.group(3)), failure);
      }
    }
    return failure;
  }

  private static String explain(String attempts, String executor, String reason) {
    return "Cannot finish: an executor died at each of %s attempts of a task, at last executor %s (%s). If memory ran out, raise spark.executor.memoryOverhead; the log of that executor may tell more."
        .formatted(attempts, executor, reason.strip().replaceFirst("\\.$", ""));
  }
}
