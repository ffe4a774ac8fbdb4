package swarmformer.scoring;

import ai.djl.Device;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.model.SwarmFormer;

/**
 * A model that an executor has loaded, shared by all task threads: one for each model, device and
 * setting. {@link ExecutorState} has them.
 */
public final class ExecutorModel {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorModel.class);

  private final SwarmFormer network;
  private final List<String> classNames;
  private final int load;

  /** Tasks that use it, and others that may use it for good. */
  private int users;

  private ExecutorModel(SwarmFormer network, List<String> classNames, int load) {
    this.network = network;
    this.classNames = classNames;
    this.load = load;
  }

  static ExecutorModel load(ModelFiles files, Device device, ScoringSettings settings, int load) {
    long start = System.nanoTime();
    Checkpoint checkpoint = Checkpoint.parse(files);
    SwarmFormer network =
        SwarmFormer.load(checkpoint, device, settings.precision(), settings.microBatch());
    ExecutorFigures.MODEL_LOADS.inc();
    LOG.info(
        "Loaded model {} ({}) onto {} in {} ms",
        files.name(),
        files.sha256(),
        device,
        (System.nanoTime() - start) / 1_000_000);
    return new ExecutorModel(network, checkpoint.classNames(), load);
  }

  static void checkArrived(ModelFiles files) {
    String arrived = files.arrivedSha256();
    if (!arrived.equals(files.sha256())) {
      throw new ModelException(
          "Cannot load model %s: the driver checked weights with SHA-256 %s, and %s arrived at the executor. Run again; if it comes back, check the memory of the machine."
              .formatted(files.name(), files.sha256(), arrived));
    }
  }

  void acquire() {
    users++;
  }

  void release() {
    users--;
  }

  boolean idle() {
    return users == 0;
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
