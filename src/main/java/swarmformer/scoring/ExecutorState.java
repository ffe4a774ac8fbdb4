package swarmformer.scoring;

import ai.djl.Device;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.errors.DeviceException;
import swarmformer.errors.DeviceMemoryException;
import swarmformer.model.Bfloat16;
import swarmformer.model.Precision;
import swarmformer.model.TorchEngine;

/**
 * What lives as long as an executor, and is shared by its tasks: their devices, the permits to use
 * them, what is known of bfloat16 there, and the models. A JVM has one.
 */
public final class ExecutorState {
  /** Models that are kept although no task uses them. */
  private static final int MAX_IDLE = 2;

  private static final Logger LOG = LoggerFactory.getLogger(ExecutorState.class);

  private static final ExecutorState OF_JVM = new ExecutorState(ExecutorModel::load);

  private record Choice(String device, String address) {}

  /** A model with the device that it is on. */
  public record Placed(TaskDevice device, ExecutorModel model) {}

  /** Loads a model onto a device. */
  @FunctionalInterface
  interface Loader {
    ExecutorModel load(ModelFiles files, Device device, ScoringSettings settings, int load);
  }

  private record Guard(Device device, int permits) {}

  private record Agreement(String sha256, String config, Device device) {}

  private record Key(
      String sha256, String config, Device device, Precision precision, int microBatch) {}

  private final Map<Choice, TaskDevice> devices = new ConcurrentHashMap<>();
  private final Map<Guard, Semaphore> permits = new ConcurrentHashMap<>();
  private final Map<Agreement, Boolean> agreements = new ConcurrentHashMap<>();

  /** Those that are loaded, the least recently used first. */
  private final Map<Key, ExecutorModel> models = new LinkedHashMap<>(16, 0.75f, true);

  /** Why GPUs had no memory for models. */
  private final Map<Key, DeviceMemoryException> refusals = new ConcurrentHashMap<>();

  private final Loader loader;
  private int loads;

  ExecutorState(Loader loader) {
    this.loader = loader;
  }

  /** That of this JVM. */
  public static ExecutorState ofJvm() {
    return OF_JVM;
  }

  /**
   * Finds the device of the task of this thread, starting PyTorch in this JVM. The driver of a
   * query computes what is constant in it without a task.
   *
   * @param choice {@code auto}, {@code cpu} or {@code cuda}
   * @throws DeviceException if {@code cuda} was asked for and cannot be used, or there is no
   *     libtorch
   */
  public TaskDevice device(String choice) {
    TorchEngine.start(TaskDevice.threads());
    return devices.computeIfAbsent(
        new Choice(choice, TaskDevice.addressOfTask()),
        key -> TaskDevice.find(key.device(), key.address()));
  }

  /**
   * What a thread has to hold while it computes, in the order of asking. CPUs have enough for all:
   * there each task computes on its own core.
   *
   * @param ofGpu threads that may use a GPU at once
   */
  public Semaphore permits(Device device, int ofGpu) {
    int threads = device.isGpu() ? ofGpu : Integer.MAX_VALUE;
    return permits.computeIfAbsent(
        new Guard(device, threads), guard -> new Semaphore(guard.permits(), true));
  }

  /**
   * Whether a model gives the same predictions in bfloat16 as in float32 on a device.
   *
   * @throws DeviceMemoryException if the device has no memory to tell
   */
  boolean agreesInBfloat16(ModelFiles model, Device device) {
    return agreements.computeIfAbsent(
        new Agreement(model.sha256(), model.configText(), device),
        absent -> Bfloat16.agrees(Checkpoint.parse(model), device));
  }

  /**
   * Gives the model on the device of the task of this thread. If the device was left to the
   * executor, and its GPU has no memory for the model, that is the CPU, also for later tasks.
   *
   * @throws ModelException as {@link #model} does
   * @throws DeviceException as {@link #device} and {@link #model} do
   */
  public Placed place(ModelFiles files, ScoringSettings settings) {
    return place(files, settings, device(settings.device()));
  }

  Placed place(ModelFiles files, ScoringSettings settings, TaskDevice device) {
    boolean free = settings.device().equals("auto") && device.device().isGpu();
    Key key = key(files, device.device(), settings);
    DeviceMemoryException refusal = free ? refusals.get(key) : null;
    if (refusal == null) {
      try {
        return new Placed(device, model(files, device.device(), settings));
      } catch (DeviceMemoryException e) {
        if (!free) {
          throw e;
        }
        LOG.warn("Computing on the CPU: {}", e.getMessage());
        refusals.put(key, e);
        refusal = e;
      }
    }
    TaskDevice cpu = new TaskDevice(Device.cpu(), device.address(), refusal.getMessage());
    return new Placed(cpu, model(files, cpu.device(), settings));
  }

  /**
   * Gives the model, loading it if no task of this executor has. It stays until the task of this
   * thread ends, or for good outside of tasks. A few that no task uses any more are kept for the
   * next one; the memory of others is freed. {@link #device} comes first.
   *
   * @throws ModelException if the weights are not those that the driver checked
   * @throws DeviceMemoryException if the device has no memory for the model
   * @throws DeviceException if the model gives other predictions on this device
   */
  public synchronized ExecutorModel model(
      ModelFiles files, Device device, ScoringSettings settings) {
    ExecutorModel model = loaded(files, device, settings);
    model.acquire();
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener((TaskCompletionListener) ended -> release(model));
    }
    return model;
  }

  /**
   * Loads the model for the tasks to come.
   *
   * @throws ModelException as {@link #model} does
   * @throws DeviceException as {@link #model} does
   */
  synchronized void preload(ModelFiles files, Device device, ScoringSettings settings) {
    loaded(files, device, settings);
    closeIdle();
  }

  /** How many models are loaded. */
  synchronized int models() {
    return models.size();
  }

  private ExecutorModel loaded(ModelFiles files, Device device, ScoringSettings settings) {
    return models.computeIfAbsent(
        key(files, device, settings),
        absent -> {
          ExecutorModel.checkArrived(files);
          Bfloat16Check.verify(files, device, settings);
          return loader.load(files, device, settings, ++loads);
        });
  }

  private static Key key(ModelFiles files, Device device, ScoringSettings settings) {
    return new Key(
        files.sha256(), files.configText(), device, settings.precision(), settings.microBatch());
  }

  private synchronized void release(ExecutorModel model) {
    model.release();
    closeIdle();
  }

  private void closeIdle() {
    long idle = models.values().stream().filter(ExecutorModel::idle).count();
    for (ExecutorModel model : List.copyOf(models.values())) {
      if (model.idle() && idle > MAX_IDLE) {
        models.values().remove(model);
        model.network().close();
        idle--;
      }
    }
  }
}
