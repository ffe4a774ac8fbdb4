package swarmformer.scoring;

import ai.djl.Device;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.cluster.ApplicationExecutors;
import swarmformer.cluster.Question;
import swarmformer.errors.DeviceException;
import swarmformer.model.Bfloat16;
import swarmformer.model.Precision;

/** Chooses the number format of a run, by asking the executors. */
public final class Bfloat16Check implements Question<Boolean> {
  /** What {@link #precision} takes, the default first. */
  public static final List<String> DTYPES = List.of("auto", "float32", "bfloat16");

  private static final Logger LOG = LoggerFactory.getLogger(Bfloat16Check.class);
  private static final long serialVersionUID = 1L;

  private final BroadcastModel model;
  private final String device;

  private Bfloat16Check(BroadcastModel model, String device) {
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
   * Gives bfloat16 if every executor that is there by now multiplies it natively and the model
   * agrees with itself in float32 there; otherwise float32.
   */
  private static Precision choose(SparkSession spark, ModelFiles model, String device) {
    Question<Boolean> suits = new Bfloat16Check(BroadcastModel.of(spark, model), device);
    boolean all =
        new ApplicationExecutors(spark).askEach(suits).values().stream().allMatch(yes -> yes);
    return all ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  @Override
  public Boolean answer() {
    try {
      ExecutorState executor = ExecutorState.ofJvm();
      Device found = executor.device(device).device();
      return Bfloat16.isNative(found) && executor.agreesInBfloat16(model.files(), found);
    } catch (DeviceException e) {
      return false; // DeviceCheck says why
    }
  }

  /**
   * Checks an executor that may have come after the number format was chosen: it takes the format
   * of the run, if slowly, unless the model differs there.
   *
   * @throws DeviceException if bfloat16 was chosen for the run and does not suit this device
   */
  static void verify(ModelFiles model, Device device, ScoringSettings settings) {
    if (settings.precision() != Precision.BFLOAT16 || !settings.dtype().equals("auto")) {
      return;
    }
    if (!ExecutorState.ofJvm().agreesInBfloat16(model, device)) {
      throw new DeviceException(
          "Cannot score in bfloat16 on %s: model %s gives other predictions there than in float32. The executors that were there at the start agreed on bfloat16; set --dtype float32."
              .formatted(device, model.name()));
    }
    if (!Bfloat16.isNative(device)) {
      LOG.warn("This executor is slow: it does not multiply bfloat16, the dtype of the run.");
    }
  }
}
