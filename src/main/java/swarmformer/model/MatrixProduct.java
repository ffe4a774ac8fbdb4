package swarmformer.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;

/**
 * A product of two large matrices: what the machine can do, to hold the network's speed against.
 */
public final class MatrixProduct implements AutoCloseable {
  private static final int CPU_SIZE = 1_024;
  private static final int GPU_SIZE = 8_192;

  private final int size;
  private final PtNDManager memory;
  private final PtSymbolBlock program;
  private final IValue matrix;
  private final IValue form;

  /** Two square matrices on a device. */
  public MatrixProduct(Device device, Precision precision) {
    this.size = device.isGpu() ? GPU_SIZE : CPU_SIZE;
    this.memory = TorchEngine.newManager(device);
    this.program = NetworkProgram.load(memory, "matmul.py");
    this.matrix = IValue.from((PtNDArray) memory.ones(new Shape(size, size), DataType.FLOAT32));
    this.form = IValue.from((long) precision.torchCode());
  }

  /** Multiplications and additions of one {@link #run}. */
  public double operations() {
    return 2.0 * size * size * size;
  }

  /** Multiplies, and waits for the result. */
  public void run() {
    try (NDManager scratch = memory.newSubManager();
        IValue result = program.forward(matrix, form)) {
      result.toTensor((PtNDManager) scratch).toFloatArray();
    }
  }

  @Override
  public void close() {
    form.close();
    matrix.close();
    program.close();
    memory.close();
  }
}
