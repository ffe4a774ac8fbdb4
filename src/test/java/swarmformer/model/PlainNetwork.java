package swarmformer.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;

/**
 * The network as it is published, at full length and in float64: what inference is held against.
 */
final class PlainNetwork implements AutoCloseable {
  private final SwarmFormerConfig config;
  private final PtNDManager memory = TorchEngine.newManager(Device.cpu());
  private final PtSymbolBlock program = NetworkProgram.load(memory, "swarmformer.py");
  private final IValue weights;

  PlainNetwork(SwarmFormerConfig config, Weights weights) {
    this.config = config;
    this.weights =
        IValue.stringMapFrom(
            weights.tensors().stream()
                .collect(Collectors.toMap(Weights.Weight::name, this::tensor)));
  }

  private PtNDArray tensor(Weights.Weight weight) {
    float[] values = weight.values();
    double[] wide = IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    return memory.create(DoubleBuffer.wrap(wide), new Shape(weight.shape()), DataType.FLOAT64);
  }

  /** Logits of one row. */
  double[] logits(int[] ids) {
    try (NDManager batch = memory.newSubManager();
        IValue sizes =
            IValue.listFrom(config.numLayers(), config.localSteps(), config.clusterSize())) {
      IntBuffer padded = IntBuffer.wrap(Arrays.copyOf(ids, config.seqLen()));
      PtNDArray input =
          (PtNDArray) batch.create(padded, new Shape(1, config.seqLen()), DataType.INT32);
      try (IValue argument = IValue.from(input);
          IValue result = program.forward(argument, weights, sizes)) {
        return result.toTensor((PtNDManager) batch).toDoubleArray();
      }
    }
  }

  @Override
  public void close() {
    weights.close();
    program.close();
    memory.close();
  }
}
