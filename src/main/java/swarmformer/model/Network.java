package swarmformer.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;

/** The program with its weights on a device. Safe for use by many threads. */
final class Network implements AutoCloseable {
  private final SwarmFormerConfig config;
  private final int classes;
  private final PtNDManager memory;
  private final PtSymbolBlock program;
  private final IValue weights;

  /**
   * Loads the program and prepares the weights.
   *
   * @param products name of the resource that multiplies, see {@link Products}
   * @throws swarmformer.errors.DeviceMemoryException if the device has no memory for them
   */
  Network(Checkpoint checkpoint, Device device, Precision precision, String products) {
    this.config = checkpoint.config();
    this.classes = checkpoint.weights().classes();
    this.memory = TorchEngine.newManager(device);
    try {
      this.program = NetworkProgram.inference(memory, products);
      this.weights =
          DeviceMemory.compute(device, () -> prepare(checkpoint.weights(), precision, products));
    } catch (EngineException e) {
      memory.close();
      throw DeviceMemory.whileLoading(device, e);
    }
  }

  /**
   * Computes rows together.
   *
   * @param ids (B, any length up to the one that {@code length} was made for)
   * @return logits (B, N)
   */
  float[][] logits(int[][] ids, CompactLength length) {
    try (NDManager batch = memory.newSubManager()) {
      Shape shape = new Shape(ids.length, length.ids() + 2);
      PtNDArray input = (PtNDArray) batch.create(rings(ids, length.ids()), shape, DataType.INT32);
      try (IValue argument = IValue.from(input);
          IValue sizes = sizes(length);
          IValue result = program.forward(argument, weights, sizes)) {
        return rows(result.toTensor((PtNDManager) batch).toFloatArray());
      }
    }
  }

  private IValue sizes(CompactLength length) {
    LongStream network =
        LongStream.of(
            config.numLayers(), config.localSteps(), config.clusterSize(), config.seqLen());
    return IValue.listFrom(LongStream.concat(network, length.sizes()).toArray());
  }

  /**
   * Rows of ids (B, P + 2), each filled up with [PAD] = 0 and closed to a ring: the position before
   * the first is a copy of the last, the one behind the last a copy of the first.
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

  private float[][] rows(float[] flat) {
    float[][] rows = new float[flat.length / classes][classes];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(flat, row * classes, rows[row], 0, classes);
    }
    return rows;
  }

  private IValue prepare(Weights checkpoint, Precision precision, String products) {
    try (PtNDManager scratch = (PtNDManager) memory.newSubManager();
        PtSymbolBlock joining = NetworkProgram.load(scratch, "weights.py", products, "prepare.py");
        IValue given = IValue.stringMapFrom(toTensors(checkpoint.tensors(), scratch));
        IValue layers = IValue.from((long) config.numLayers());
        IValue dtype = IValue.from((long) precision.torchCode())) {
      return joining.forward(given, layers, dtype);
    }
  }

  private static Map<String, PtNDArray> toTensors(
      List<Weights.Weight> tensors, PtNDManager memory) {
    return tensors.stream()
        .collect(
            Collectors.toMap(
                Weights.Weight::name,
                t ->
                    memory.create(
                        FloatBuffer.wrap(t.values()), new Shape(t.shape()), DataType.FLOAT32)));
  }

  @Override
  public void close() {
    weights.close();
    program.close();
    memory.close();
  }
}
