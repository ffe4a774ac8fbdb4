package swarmformer.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.Arrays;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;

/**
 * A loaded network: token ids in, logits out.
 *
 * <p>Takara.ai, <i>SwarmFormer: Local-Global Hierarchical Attention via Swarmed Token
 * Representations</i> (2025). Safe for use by many threads; holds native memory until closed.
 */
public final class SwarmFormer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SwarmFormer.class);

  private final SwarmFormerConfig config;
  private final Device device;
  private final Precision precision;
  private final Network network;

  /** Positions that are computed at once, if they are of more than one row. */
  private volatile int microBatch;

  SwarmFormer(
      Checkpoint checkpoint, Device device, Precision precision, String products, int microBatch) {
    this.config = checkpoint.config();
    this.device = device;
    this.precision = precision;
    this.network = new Network(checkpoint, device, precision, products);
    this.microBatch = microBatch;
  }

  /**
   * Loads checked weights onto a device. {@link TorchEngine#start} comes first.
   *
   * @param microBatch positions to compute at once, or {@link KernelCalibration#AUTO} for what is
   *     fastest in a short calibration
   * @throws swarmformer.errors.DeviceMemoryException if the device has no memory for the model
   * @throws swarmformer.errors.DeviceException if the environment has float32 rounded
   */
  public static SwarmFormer load(
      Checkpoint checkpoint, Device device, Precision precision, int microBatch) {
    checkPrecision(device, precision);
    return KernelCalibration.load(checkpoint, device, precision, microBatch);
  }

  /**
   * Loads checked weights with PyTorch's own products and no choice that depends on the time they
   * take: the same logits every time, a little slower.
   *
   * @param microBatch positions to compute at once
   * @throws swarmformer.errors.DeviceException if the environment has float32 rounded
   */
  public static SwarmFormer plain(
      Checkpoint checkpoint, Device device, Precision precision, int microBatch) {
    checkPrecision(device, precision);
    return new SwarmFormer(checkpoint, device, precision, Products.PLAIN, microBatch);
  }

  /**
   * Checks that products are computed in this format.
   *
   * @throws swarmformer.errors.DeviceException if the environment has float32 rounded
   */
  public static void checkPrecision(Device device, Precision precision) {
    if (precision == Precision.FLOAT32) {
      Float32.check(device, System.getProperty("os.arch"), System.getenv());
    }
  }

  /** The hyper-parameters. */
  public SwarmFormerConfig config() {
    return config;
  }

  /** The number format of its products. */
  public Precision precision() {
    return precision;
  }

  /** Where the network runs. */
  public Device device() {
    return device;
  }

  /** Positions that are computed at once, if they are of more than one row. */
  public int microBatch() {
    return microBatch;
  }

  /** Sets how many positions are computed at once. */
  void microBatch(int positions) {
    microBatch = positions;
  }

  /**
   * Scores rows of token ids. In float32 a row's logits do not depend on the other rows, beyond
   * 1e-5.
   *
   * <p>Where the memory of the device does not suffice, fewer rows are computed at once from then
   * on.
   *
   * @param ids (B, any length from 1 to L), each id from 0 to below vocab_size
   */
  public Logits logits(int[][] ids) {
    TorchJni.prepareThread(false);
    int[][] longestFirst = new int[ids.length][];
    Integer[] order = order(ids);
    Arrays.setAll(longestFirst, i -> ids[order[i]]);
    Logits logits = new Logits(new float[ids.length][], new int[ids.length], 0);
    int from = 0;
    while (from < ids.length) {
      CompactLength length = CompactLength.of(longestFirst[from].length, config);
      int to = Math.min(ids.length, from + Math.max(1, microBatch / length.positions()));
      float[][] rows = compute(Arrays.copyOfRange(longestFirst, from, to), length);
      for (int row = 0; row < rows.length; row++) {
        logits.rows()[order[from + row]] = rows[row];
        logits.positions()[order[from + row]] = length.positions();
      }
      logits = logits.plus(rows.length, length, config);
      from += rows.length;
    }
    return logits;
  }

  /** Rows by their length, the longest first: those of about the same length share a piece. */
  private static Integer[] order(int[][] ids) {
    Integer[] order = new Integer[ids.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(row -> -ids[row].length));
    return order;
  }

  /** Logits of the first of the rows, as many as fit the memory; of one that does not, null. */
  private float[][] compute(int[][] ids, CompactLength length) {
    try {
      return DeviceMemory.compute(device, () -> network.logits(ids, length));
    } catch (EngineException e) {
      if (!DeviceMemory.isExhausted(e)) {
        throw e;
      }
      if (device.isGpu()) {
        TorchJni.emptyCudaCache();
      }
    }
    if (ids.length == 1) {
      LOG.warn("{} has no memory for a text of {} tokens", device, ids[0].length);
      return new float[1][];
    }
    int fewer = ids.length / 2;
    microBatch = Math.min(microBatch, fewer * length.positions());
    LOG.warn(
        "{} has no memory for {} positions: {} from now on",
        device,
        ids.length * length.positions(),
        microBatch);
    return compute(Arrays.copyOf(ids, fewer), length);
  }

  @Override
  public void close() {
    network.close();
  }
}
