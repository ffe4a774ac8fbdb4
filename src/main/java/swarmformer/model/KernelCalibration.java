package swarmformer.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.errors.DeviceMemoryException;

/**
 * Finds what is fastest on a device: how many positions are computed at once, and on a CPU which
 * library multiplies. Products that are too small cost speed, and so do those that leave a CPU's
 * cache or pad short texts to the length of long ones. Some seconds at most. In float32, results
 * differ by rounding only: a library whose logits differ by more is not used.
 */
public final class KernelCalibration {
  /** Leave it to the calibration. */
  public static final int AUTO = 0;

  private static final Logger LOG = LoggerFactory.getLogger(KernelCalibration.class);
  private static final int[] MICRO_BATCHES = {1_024, 2_048, 4_096};
  private static final int[] GPU_MICRO_BATCHES = {65_536, 262_144, 1_048_576};
  static final int MIDDLE = 2_048;
  private static final int RUNS = 2;

  /**
   * How far logits of two libraries may be apart in float32, relative to 1 + |logit|: a hundred
   * times what the order of additions changes, and a tenth of what rounding to bfloat16 or TF32
   * does.
   */
  private static final float TOLERANCE = 1e-4f;

  private KernelCalibration() {}

  /** Loads a network as it runs fastest, with a micro-batch of a user or {@link #AUTO}. */
  static SwarmFormer load(
      Checkpoint checkpoint, Device device, Precision precision, int microBatch) {
    return load(checkpoint, device, precision, Products.ONEDNN, microBatch);
  }

  /** Chooses between PyTorch's products and others, which a GPU does not have. */
  static SwarmFormer load(
      Checkpoint checkpoint, Device device, Precision precision, String products, int microBatch) {
    int[] choice = device.isGpu() ? GPU_MICRO_BATCHES : MICRO_BATCHES;
    int first = microBatch == AUTO ? choice[1] : microBatch;
    int[][] ids = texts(checkpoint.config(), Math.min(first, choice[choice.length - 1]));
    SwarmFormer fastest =
        warm(new SwarmFormer(checkpoint, device, precision, Products.PLAIN, first), ids);
    Optional<SwarmFormer> other =
        device.isGpu()
            ? Optional.empty()
            : other(checkpoint, device, precision, products, first, ids);
    if (other.isPresent()) {
      fastest = better(fastest, other.get(), ids);
    }
    if (microBatch == AUTO) {
      chooseMicroBatch(fastest, choice);
    }
    LOG.info("Computes {} positions at once", fastest.microBatch());
    return fastest;
  }

  /** The network with other products, unless they do not serve this processor or precision. */
  private static Optional<SwarmFormer> other(
      Checkpoint checkpoint,
      Device device,
      Precision precision,
      String products,
      int microBatch,
      int[][] ids) {
    try {
      return Optional.of(
          warm(new SwarmFormer(checkpoint, device, precision, products, microBatch), ids));
    } catch (EngineException | DeviceMemoryException e) {
      LOG.info("{} does not multiply {} here: {}", products, precision, e.getMessage());
      return Optional.empty();
    }
  }

  private static SwarmFormer warm(SwarmFormer network, int[][] ids) {
    try {
      network.logits(ids);
      return network;
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  /** The faster of two, if the other one's logits are those of the plain one. */
  private static SwarmFormer better(SwarmFormer plain, SwarmFormer other, int[][] ids) {
    SwarmFormer better = plain;
    if (plain.precision() == Precision.FLOAT32
        && !agree(plain.logits(ids).rows(), other.logits(ids).rows())) {
      LOG.warn(
          "oneDNN is not used: its logits differ by more than {} from PyTorch's own. Unset ONEDNN_DEFAULT_FPMATH_MODE and DNNL_DEFAULT_FPMATH_MODE, if one is set.",
          TOLERANCE);
    } else if (seconds(other, ids) < seconds(plain, ids)) {
      better = other;
    }
    (better == plain ? other : plain).close();
    return better;
  }

  /**
   * Whether two libraries give the same logits but for the order of their additions. Rows without
   * logits, for which memory or the range of the format does not suffice, tell nothing.
   */
  static boolean agree(float[][] plain, float[][] other) {
    for (int row = 0; row < plain.length; row++) {
      if (isFinite(plain[row]) && (other[row] == null || !agree(plain[row], other[row]))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFinite(float[] logits) {
    boolean finite = logits != null;
    for (int i = 0; finite && i < logits.length; i++) {
      finite = Float.isFinite(logits[i]);
    }
    return finite;
  }

  private static boolean agree(float[] plain, float[] other) {
    for (int i = 0; i < plain.length; i++) {
      float difference = Math.abs(plain[i] - other[i]);
      if (!(difference <= TOLERANCE * (1 + Math.abs(plain[i])))) { // or one is NaN
        return false;
      }
    }
    return true;
  }

  /** Of the choice, smallest first; what the device has no memory for ends the search. */
  static void chooseMicroBatch(SwarmFormer network, int[] choice) {
    int best = choice[0];
    double least = Double.MAX_VALUE;
    int[][] ids = texts(network.config(), choice[choice.length - 1]);
    for (int positions : choice) {
      network.microBatch(positions);
      double seconds = seconds(network, ids);
      if (network.microBatch() < positions) {
        best = Math.min(best, network.microBatch());
        break;
      }
      if (seconds < least) {
        best = positions;
        least = seconds;
      }
    }
    network.microBatch(best);
  }

  /** The least of some runs: what else the machine does only adds to it. */
  private static double seconds(SwarmFormer network, int[][] ids) {
    double least = Double.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      long start = System.nanoTime();
      network.logits(ids);
      least = Math.min(least, (System.nanoTime() - start) / 1e9);
    }
    return least;
  }

  /** Texts that fill some positions, three quarters of the network's length each. */
  private static int[][] texts(SwarmFormerConfig config, int positions) {
    int tokens = Math.max(1, config.seqLen() * 3 / 4);
    Random random = new Random(1);
    List<int[]> texts = new ArrayList<>();
    for (long filled = 0; filled < positions; filled += tokens) {
      texts.add(random.ints(tokens, 0, config.vocabSize()).toArray());
    }
    return texts.toArray(int[][]::new);
  }
}
