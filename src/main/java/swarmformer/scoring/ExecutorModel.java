package swarmformer.scoring;

import ai.djl.Device;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.errors.DeviceException;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;

/**
 * The model of an executor: one for each JVM and device, loaded when its first task asks for it and
 * kept until the JVM ends, shared by all task threads.
 *
 * @param network the loaded network
 * @param classNames names of the classes, in order
 * @param load counts the loads of this JVM from 1
 */
public record ExecutorModel(SwarmFormer network, List<String> classNames, int load) {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorModel.class);

  private static final Map<Key, ExecutorModel> LOADED = new HashMap<>();

  private record Key(
      String sha256, String config, Device device, Precision precision, int microBatch) {}

  /**
   * Gives the model, loading it if no task of this JVM has. {@link TaskDevice#ofTask} comes first.
   *
   * @throws ModelException if the weights are not those that the driver checked
   * @throws DeviceException if the model gives other predictions on this device
   */
  public static synchronized ExecutorModel of(
      ModelFiles files, Device device, ScoringSettings settings) {
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
    return new ExecutorModel(network, checkpoint.classNames(), LOADED.size() + 1);
  }

  private static void checkArrived(ModelFiles files) {
    String arrived = files.arrivedSha256();
    if (!arrived.equals(files.sha256())) {
      throw new ModelException(
          "Cannot load model %s: the driver checked weights with SHA-256 %s, and %s arrived at the executor. Run again; if it comes back, check the memory of the machine."
              .formatted(files.name(), files.sha256(), arrived));
    }
  }
}
