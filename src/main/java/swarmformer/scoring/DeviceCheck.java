package swarmformer.scoring;

import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import swarmformer.cluster.ApplicationExecutors;
import swarmformer.cluster.Question;
import swarmformer.errors.DeviceException;

/**
 * Looks whether the executors can use the device that was asked for, before anything else is done:
 * a task that fails is tried again and again, and what is wrong would come late.
 */
public final class DeviceCheck implements Question<String> {
  private static final long serialVersionUID = 1L;

  private final String choice;

  private DeviceCheck(String choice) {
    this.choice = choice;
  }

  /**
   * Checks on each executor that is there by now, where a GPU is asked for. Executors that come
   * later find out by themselves, and fail their tasks.
   *
   * @param choice {@code auto}, {@code cpu} or {@code cuda}
   * @throws DeviceException if an executor cannot use the device, with its reason
   */
  public static void run(SparkSession spark, String choice) {
    if (!choice.equals("cuda")) {
      return;
    }
    for (String fault : new ApplicationExecutors(spark).askEach(new DeviceCheck(choice)).values()) {
      if (!fault.isEmpty()) {
        throw new DeviceException(fault);
      }
    }
  }

  /** Why the device cannot be used; empty if it can. */
  @Override
  public String answer() {
    try {
      ExecutorState.ofJvm().device(choice);
      return "";
    } catch (DeviceException e) {
      return withExecutor(e).getMessage();
    }
  }

  /** The same failure, saying on which executor. */
  static DeviceException withExecutor(DeviceException failure) {
    SparkEnv executor = SparkEnv.get();
    return executor.executorId().equals("driver")
        ? failure
        : new DeviceException(
            "%s This is executor %s on %s."
                .formatted(
                    failure.getMessage(),
                    executor.executorId(),
                    executor.blockManager().blockManagerId().host()),
            failure);
  }
}
