package swarmformer.scoring;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;
import swarmformer.model.DeviceException;

/**
 * Looks whether the executors can use the device that was asked for, before anything else is done:
 * a task that fails is tried again and again, and what is wrong would come late.
 */
public final class DeviceCheck implements FlatMapFunction<Iterator<Integer>, String> {
  private static final long serialVersionUID = 1L;

  private final String choice;

  private DeviceCheck(String choice) {
    this.choice = choice;
  }

  /**
   * Checks with a task for each slot that the cluster has by now, where a GPU is asked for.
   * Executors that come later find out by themselves.
   *
   * @param choice {@code auto}, {@code cpu} or {@code cuda}
   * @throws DeviceException if an executor cannot use the device, with its reason
   */
  public static void run(SparkSession spark, String choice) {
    if (!choice.equals("cuda")) {
      return;
    }
    List<String> faults = Slots.ask(spark, new DeviceCheck(choice));
    if (!faults.isEmpty()) {
      throw new DeviceException(faults.get(0));
    }
  }

  @Override
  public Iterator<String> call(Iterator<Integer> slot) {
    try {
      TaskDevice.ofTask(choice);
      return Collections.emptyIterator();
    } catch (DeviceException e) {
      return List.of(e.getMessage() + where()).iterator();
    }
  }

  private static String where() {
    SparkEnv executor = SparkEnv.get();
    return executor.executorId().equals("driver")
        ? ""
        : " This is executor %s on %s."
            .formatted(executor.executorId(), executor.blockManager().blockManagerId().host());
  }
}
