package swarmformer.scoring;

import ai.djl.Device;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.model.Bfloat16;
import swarmformer.model.DeviceException;
import swarmformer.model.Precision;

/** Chooses the number format of a run, by asking all executors. */
public final class Bfloat16Check implements FlatMapFunction<Iterator<Integer>, Boolean> {
  /** What {@link #precision} takes, the default first. */
  public static final List<String> DTYPES = List.of("auto", "float32", "bfloat16");

  private static final long serialVersionUID = 1L;

  private record Key(String sha256, String config, Device device) {}

  /** What this JVM has found. */
  private static final Map<Key, Boolean> AGREES = new ConcurrentHashMap<>();

  private final Broadcast<ModelFiles> model;
  private final String device;

  private Bfloat16Check(Broadcast<ModelFiles> model, String device) {
    this.model = model;
    this.device = device;
  }

  /**
   * The number format of a run, the same on every executor.
   *
   * @param dtype {@code float32}, {@code bfloat16}, or {@code auto} for what suits the executors
   * @param device {@code auto}, {@code cpu} or {@code cuda}
   */
  public static Precision precision(
      SparkSession spark, ModelFiles model, String device, String dtype) {
    return switch (dtype) {
      case "bfloat16" -> Precision.BFLOAT16;
      case "float32" -> Precision.FLOAT32;
      default -> choose(spark, model, device);
    };
  }

  /**
   * Gives bfloat16 if every executor multiplies it natively and the model agrees with itself in
   * float32 there; otherwise float32. Asks with a task for each slot that the cluster has by now.
   */
  private static Precision choose(SparkSession spark, ModelFiles model, String device) {
    Broadcast<ModelFiles> broadcast =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(model);
    List<Boolean> answers = Slots.ask(spark, new Bfloat16Check(broadcast, device));
    return answers.stream().allMatch(suits -> suits) ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  @Override
  public Iterator<Boolean> call(Iterator<Integer> slot) {
    try {
      Device found = TaskDevice.ofTask(device).device();
      return List.of(Bfloat16.isNative(found) && agrees(model.value(), found)).iterator();
    } catch (DeviceException e) {
      return List.of(false).iterator(); // DeviceCheck says why
    }
  }

  private static boolean agrees(ModelFiles model, Device device) {
    return AGREES.computeIfAbsent(
        new Key(model.sha256(), model.configText(), device),
        absent -> Bfloat16.agrees(Checkpoint.parse(model), device));
  }
}
