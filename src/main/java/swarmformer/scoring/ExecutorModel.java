package swarmformer.scoring;

import ai.djl.Device;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.errors.DeviceException;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;

/**
 * The model of an executor: one for each JVM, device and setting, loaded when its first task asks
 * for it and shared by all task threads. A few that no task uses any more are kept for the next
 * one; the memory of others is freed.
 */
public final class ExecutorModel {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorModel.class);

  /** Models that are kept although no task uses them. */
  private static final int MAX_IDLE = 2;

  /** Those that are loaded, the least recently used first. */
  private static final Map<Key, ExecutorModel> LOADED = new LinkedHashMap<>(16, 0.75f, true);

  private static int loads;

  private final SwarmFormer network;
  private final List<String> classNames;
  private final int load;

  /** Tasks that use it, and others that may use it for good. */
  private int users;

  private record Key(
      String sha256, String config, Device device, Precision precision, int microBatch) {}

  private ExecutorModel(SwarmFormer network, List<String> classNames, int load) {
    this.network = network;
    this.classNames = classNames;
    this.load = load;
  }

  /**
   * Gives the model, loading it if no task of this JVM has. It stays until the task of this thread
   * ends, or for good outside of tasks. {@link TaskDevice#ofTask} comes first.
   *
   * @throws ModelException if the weights are not those that the driver checked
   * @throws DeviceException if the model gives other predictions on this device
   */
  public static synchronized ExecutorModel of(
      ModelFiles files, Device device, ScoringSettings settings) {
    ExecutorModel model = loaded(files, device, settings);
    model.users++;
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener((TaskCompletionListener) ended -> release(model));
    }
    return model;
  }

  /**
   * Loads the model for the tasks to come.
   *
   * @throws ModelException as {@link #of} does
   * @throws DeviceException as {@link #of} does
   */
  static synchronized void preload(ModelFiles files, Device device, ScoringSettings settings) {
    loaded(files, device, settings);
    closeIdle();
  }

  /** How many models this JVM holds. */
  static synchronized int count() {
    return LOADED.size();
  }

  private static ExecutorModel loaded(ModelFiles files, Device device, ScoringSettings settings) {
    Key key =
        new Key(
            files.sha256(),
            files.configText(),
            device,
            settings.precision(),
            settings.microBatch());
    return LOADED.computeIfAbsent(
        key,
        absent -> {
          checkArrived(files);
          Bfloat16Check.verify(files, device, settings);
          return load(files, key);
        });
  }

  private static synchronized void release(ExecutorModel model) {
    model.users--;
    closeIdle();
  }

  private static void closeIdle() {
    long idle = LOADED.values().stream().filter(model -> model.users == 0).count();
    for (ExecutorModel model : List.copyOf(LOADED.values())) {
      if (model.users == 0 && idle > MAX_IDLE) {
        LOADED.values().remove(model);
        model.network.close();
        idle--;
      }
    }
  }

  private static ExecutorModel load(ModelFiles files, Key key) {
    long start = System.nanoTime();
    Checkpoint checkpoint = Checkpoint.parse(files);
    SwarmFormer network =
        SwarmFormer.load(checkpoint, key.device(), key.precision(), key.microBatch());
    ExecutorFigures.MODEL_LOADS.inc();
    LOG.info(
        "Loaded model {} ({}) onto {} in {} ms",
        files.name(),
        files.sha256(),
        key.device(),
        (System.nanoTime() - start) / 1_000_000);
    return new ExecutorModel(network, checkpoint.classNames(), ++loads);
  }

  private static void checkArrived(ModelFiles files) {
    String arrived = files.arrivedSha256();
    if (!arrived.equals(files.sha256())) {
      throw new ModelException(
          "Cannot load model %s: the driver checked weights with SHA-256 %s, and %s arrived at the executor. Run again; if it comes back, check the memory of the machine."
              .formatted(files.name(), files.sha256(), arrived));
    }
  }

  /** The loaded network. */
  public SwarmFormer network() {
    return network;
  }

  /** Names of the classes, in order. */
  public List<String> classNames() {
    return classNames;
  }

  /** Counts the loads of this JVM from 1. */
  public int load() {
    return load;
  }
}
