package swarmformer.scoring;

import ai.djl.Device;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.model.Calibration;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;
import swarmformer.model.TorchEngine;
import swarmformer.tokens.Tokenizer;

/**
 * The model of an executor: one for each JVM and device, loaded when its first task asks for it and
 * kept until the JVM ends, shared by all task threads.
 *
 * @param network the loaded network
 * @param tokenizer cuts texts to the network's length
 * @param classNames names of the classes, in order
 */
record ExecutorModel(SwarmFormer network, Tokenizer tokenizer, List<String> classNames) {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorModel.class);

  private static final Map<Key, ExecutorModel> LOADED = new HashMap<>();

  private record Key(String sha256, String config, Device device, Precision precision) {}

  /**
   * Gives the model, loading it if no task of this JVM has.
   *
   * @param device {@code auto}, {@code cpu} or {@code cuda}
   * @param precision number format of the run
   * @param threads intra-op threads of each task
   */
  static synchronized ExecutorModel of(
      ModelFiles files, String device, Precision precision, int threads) {
    TorchEngine.start(threads);
    Device found = TorchEngine.device(device);
    Key key =
        new Key(
            files.sha256(), new String(files.config(), StandardCharsets.UTF_8), found, precision);
    return LOADED.computeIfAbsent(key, absent -> load(files, found, precision));
  }

  private static ExecutorModel load(ModelFiles files, Device device, Precision precision) {
    long start = System.nanoTime();
    Checkpoint checkpoint = Checkpoint.parse(files);
    SwarmFormer network = SwarmFormer.load(checkpoint, device, precision, Calibration.AUTO);
    Tokenizer tokenizer = new Tokenizer(checkpoint.config().seqLen());
    LOG.info(
        "Loaded model {} ({}) onto {} in {} ms",
        files.name(),
        files.sha256(),
        device,
        (System.nanoTime() - start) / 1_000_000);
    return new ExecutorModel(network, tokenizer, checkpoint.classNames());
  }
}
