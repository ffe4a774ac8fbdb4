package swarmformer.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;

/**
 * A loaded network: token ids in, logits out.
 *
 * <p>Takara.ai, <i>SwarmFormer: Local-Global Hierarchical Attention via Swarmed Token
 * Representations</i> (2025). Safe for use by many threads; holds native memory until closed.
 */
public final class SwarmFormer implements AutoCloseable {
  /**
   * Positions computed at once on a CPU. More than fits the cache next to the weights costs speed:
   * a batch of 256 at full length takes four times as long as in pieces of this size.
   */
  private static final int CPU_POSITIONS = 2_048;

  private final SwarmFormerConfig config;
  private final Device device;
  private final int classes;
  private final PtNDManager memory;
  private final PtSymbolBlock program;
  private final IValue weights;
  private final IValue shape;

  private SwarmFormer(SwarmFormerConfig config, Weights weights, Device device) {
    this.config = config;
    this.device = device;
    this.classes = weights.classes();
    this.memory = TorchEngine.newManager(device);
    this.program = loadProgram(memory);
    this.weights = IValue.listFrom(toTensors(weights.tensors(), memory));
    this.shape = IValue.listFrom(config.numLayers(), config.localSteps(), config.clusterSize());
  }

  /** Loads checked weights onto a device. Starts the engine if need be. */
  public static SwarmFormer load(SwarmFormerConfig config, Weights weights, Device device) {
    return new SwarmFormer(config, weights, device);
  }

  /** Number of classes N, the length of each row of logits. */
  public int classes() {
    return classes;
  }

  /** The hyper-parameters. */
  public SwarmFormerConfig config() {
    return config;
  }

  /** Where the network runs. */
  public Device device() {
    return device;
  }

  /**
   * Scores rows of token ids; each row's result is independent of the others.
   *
   * @param ids (B, any length from 1 to L), each id from 0 to below vocab_size
   * @return logits (B, N)
   */
  public float[][] logits(int[][] ids) {
    JniUtils.setGraphExecutorOptimize(false); // a setting of each thread
    float[][] logits = new float[ids.length][];
    int step = rowsAtOnce(ids.length);
    for (int from = 0; from < ids.length; from += step) {
      score(ids, from, Math.min(ids.length, from + step), logits);
    }
    return logits;
  }

  /** Positions that {@link #logits} computes for each row, the padding included. */
  public int positionsPerRow() {
    return config.seqLen();
  }

  private int rowsAtOnce(int rows) {
    return device.isGpu() ? Math.max(1, rows) : Math.max(1, CPU_POSITIONS / config.seqLen());
  }

  private void score(int[][] ids, int from, int to, float[][] logits) {
    try (NDManager batch = memory.newSubManager()) {
      PtNDArray input =
          (PtNDArray)
              batch.create(
                  padded(ids, from, to), new Shape(to - from, config.seqLen()), DataType.INT32);
      try (IValue argument = IValue.from(input);
          IValue result = program.forward(argument, weights, shape)) {
        float[] flat = result.toTensor((PtNDManager) batch).toFloatArray();
        for (int row = from; row < to; row++) {
          int start = (row - from) * classes;
          logits[row] = java.util.Arrays.copyOfRange(flat, start, start + classes);
        }
      }
    }
  }

  /** Rows of ids, each filled up with [PAD] = 0 to L. */
  private IntBuffer padded(int[][] ids, int from, int to) {
    int length = config.seqLen();
    int[] flat = new int[(to - from) * length];
    for (int row = from; row < to; row++) {
      System.arraycopy(ids[row], 0, flat, (row - from) * length, ids[row].length);
    }
    return IntBuffer.wrap(flat);
  }

  @Override
  public void close() {
    shape.close();
    weights.close();
    program.close();
    memory.close();
  }

  private static PtSymbolBlock loadProgram(PtNDManager memory) {
    try {
      return JniUtils.loadModule(
          memory, new ByteArrayInputStream(NetworkProgram.archive()), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot hand the network to PyTorch", e);
    }
  }

  private static PtNDArray[] toTensors(List<Weights.Weight> tensors, PtNDManager memory) {
    return tensors.stream()
        .map(
            t ->
                memory.create(FloatBuffer.wrap(t.values()), new Shape(t.shape()), DataType.FLOAT32))
        .toArray(PtNDArray[]::new);
  }
}
