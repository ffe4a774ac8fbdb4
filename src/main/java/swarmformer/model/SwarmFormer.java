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
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;

/**
 * A loaded network: token ids in, logits out.
 *
 * <p>Takara.ai, <i>SwarmFormer: Local-Global Hierarchical Attention via Swarmed Token
 * Representations</i> (2025). Safe for use by many threads; holds native memory until closed.
 */
public final class SwarmFormer implements AutoCloseable {
  private final SwarmFormerConfig config;
  private final Device device;
  private final Precision precision;
  private final int classes;
  private final PtNDManager memory;
  private final PtSymbolBlock program;
  private final IValue weights;

  private SwarmFormer(
      SwarmFormerConfig config,
      Weights weights,
      Device device,
      Precision precision,
      String products) {
    this.config = config;
    this.device = device;
    this.precision = precision;
    this.classes = weights.classes();
    this.memory = TorchEngine.newManager(device);
    this.program = NetworkProgram.load(memory, products, "inference.py");
    this.weights = prepare(weights, products);
  }

  /** Loads checked weights onto a device. {@link TorchEngine#start} comes first. */
  public static SwarmFormer load(Checkpoint checkpoint, Device device, Precision precision) {
    return load(checkpoint, device, precision, Products.on(device));
  }

  /** Loads with the products of {@link Products#ONEDNN} or {@link Products#PLAIN}. */
  static SwarmFormer load(
      Checkpoint checkpoint, Device device, Precision precision, String products) {
    return new SwarmFormer(checkpoint.config(), checkpoint.weights(), device, precision, products);
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

  /**
   * Scores rows of token ids. In float32 a row's logits do not depend on the other rows, beyond
   * 1e-5.
   *
   * @param ids (B, any length from 1 to L), each id from 0 to below vocab_size
   */
  public Logits logits(int[][] ids) {
    JniUtils.setGraphExecutorOptimize(false); // a setting of each thread
    int[][] longestFirst = new int[ids.length][];
    Integer[] order = order(ids);
    Arrays.setAll(longestFirst, i -> ids[order[i]]);
    float[][] logits = new float[ids.length][];
    long positions = 0;
    int from = 0;
    while (from < ids.length) {
      CompactLength length = CompactLength.of(longestFirst[from].length, config);
      int to = Math.min(ids.length, from + rowsAtOnce(length.positions(), ids.length));
      float[] flat = score(Arrays.copyOfRange(longestFirst, from, to), length);
      for (int row = from; row < to; row++) {
        int start = (row - from) * classes;
        logits[order[row]] = Arrays.copyOfRange(flat, start, start + classes);
      }
      positions += (long) (to - from) * length.positions();
      from = to;
    }
    return new Logits(logits, positions);
  }

  /** Rows by their length, the longest first: those of about the same length share a piece. */
  private static Integer[] order(int[][] ids) {
    Integer[] order = new Integer[ids.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(row -> -ids[row].length));
    return order;
  }

  private int rowsAtOnce(int positions, int rows) {
    return device.isGpu() ? rows : Math.max(1, precision.cpuPositions() / positions);
  }

  /** Logits (B, N) of rows that share a length, one row after the other. */
  private float[] score(int[][] ids, CompactLength length) {
    try (NDManager batch = memory.newSubManager()) {
      Shape shape = new Shape(ids.length, length.positions() + 2);
      PtNDArray input =
          (PtNDArray) batch.create(rings(ids, length.positions()), shape, DataType.INT32);
      try (IValue argument = IValue.from(input);
          IValue sizes = sizes(length);
          IValue result = program.forward(argument, weights, sizes)) {
        return result.toTensor((PtNDManager) batch).toFloatArray();
      }
    }
  }

  private IValue sizes(CompactLength length) {
    return IValue.listFrom(
        config.numLayers(),
        config.localSteps(),
        config.clusterSize(),
        config.seqLen(),
        length.pureCluster(),
        length.copies());
  }

  /**
   * Rows of ids (B, Lc + 2), each filled up with [PAD] = 0 and closed to a ring: the position
   * before the first is a copy of the last, the one behind the last a copy of the first.
   */
  private static IntBuffer rings(int[][] ids, int length) {
    int width = length + 2;
    int[] flat = new int[ids.length * width];
    for (int row = 0; row < ids.length; row++) {
      int first = row * width + 1;
      System.arraycopy(ids[row], 0, flat, first, ids[row].length);
      flat[first - 1] = flat[first + length - 1];
      flat[first + length] = flat[first];
    }
    return IntBuffer.wrap(flat);
  }

  @Override
  public void close() {
    weights.close();
    program.close();
    memory.close();
  }

  private IValue prepare(Weights checkpoint, String products) {
    try (PtNDManager scratch = TorchEngine.newManager(device);
        PtSymbolBlock joining = NetworkProgram.load(scratch, products, "prepare.py");
        IValue given = IValue.listFrom(toTensors(checkpoint.tensors(), scratch));
        IValue form = IValue.listFrom(config.numLayers(), precision.torchCode())) {
      return joining.forward(given, form);
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
