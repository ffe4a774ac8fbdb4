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
 * cache or pad short texts to the length of long ones. Some seconds at most; results differ by
 * rounding only.
 */
public final class KernelCalibration {
  /** Leave it to the calibration. */
  public static final int AUTO = 0;

  private static final Logger LOG = LoggerFactory.getLogger(KernelCalibration.class);
  private static final int[] MICRO_BATCHES = {1_024, 2_048, 4_096};
  private static final int[] GPU_MICRO_BATCHES = {65_536, 262_144, 1_048_576};
  static final int MIDDLE = 2_048;
  private static final int RUNS = 2;

  private KernelCalibration() {}

  /** Loads a network as it runs fastest, with a micro-batch of a user or {@link #AUTO}. */
  static SwarmFormer load(
      Checkpoint checkpoint, Device device, Precision precision, int microBatch) {
    int[] choice = device.isGpu() ? GPU_MICRO_BATCHES : MICRO_BATCHES;
    int first = microBatch == AUTO ? choice[1] : microBatch;
    int[][] ids = texts(checkpoint.config(), Math.min(first, choice[choice.length - 1]));
    SwarmFormer fastest =
        warm(new SwarmFormer(checkpoint, device, precision, Products.PLAIN, first), ids);
    Optional<SwarmFormer> other =
        device.isGpu() ? Optional.empty() : oneDnn(checkpoint, device, precision, first, ids);
    if (other.isPresent()) {
      fastest = faster(fastest, other.get(), ids);
    }
    if (microBatch == AUTO) {
      chooseMicroBatch(fastest, choice);
    }
    LOG.info("Computes {} positions at once", fastest.microBatch());
    return fastest;
  }

  /** The network with oneDNN's products, unless they do not serve this processor or precision. */
  private static Optional<SwarmFormer> oneDnn(
      Checkpoint checkpoint, Device device, Precision precision, int microBatch, int[][] ids) {
    try {
      return Optional.of(
          warm(new SwarmFormer(checkpoint, device, precision, Products.ONEDNN, microBatch), ids));
    } catch (EngineException | DeviceMemoryException e) {
      LOG.info("oneDNN does not multiply {} here: {}", precision, e.getMessage());
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

  private static SwarmFormer faster(SwarmFormer one, SwarmFormer other, int[][] ids) {
    SwarmFormer faster = seconds(other, ids) < seconds(one, ids) ? other : one;
    (faster == one ? other : one).close();
    return faster;
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
