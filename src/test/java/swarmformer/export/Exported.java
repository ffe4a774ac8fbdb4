package swarmformer.export;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import swarmformer.checkpoint.Checkpoint;

/** An exported file, run by what it is for. The file is removed in the end. */
final class Exported implements AutoCloseable {
  private final int length;
  private final int classes;
  private final Path file;
  private final Program program;

  /** Ids (B, L) to logits (B, N), both flat. */
  private interface Program extends AutoCloseable {
    float[] logits(long[] ids, long[] shape) throws Exception;
  }

  Exported(Checkpoint checkpoint, ExportFormat format, Path folder) throws Exception {
    this.length = checkpoint.config().seqLen();
    this.classes = checkpoint.weights().classes();
    this.file = folder.resolve("exported.pt");
    format.write(checkpoint, file);
    this.program = format == ExportFormat.ONNX ? new Onnx(file) : new PyTorch(file);
  }

  /** Logits of rows of any length. */
  float[][] logits(int[][] ids) throws Exception {
    return logitsOfPadded(
        Arrays.stream(ids).map(row -> Arrays.copyOf(row, length)).toArray(int[][]::new));
  }

  float[][] logitsOfPadded(int[][] ids) throws Exception {
    long[] flat = Arrays.stream(ids).flatMapToInt(Arrays::stream).asLongStream().toArray();
    int width = ids.length == 0 ? length : ids[0].length;
    float[] logits = program.logits(flat, new long[] {ids.length, width});
    float[][] rows = new float[ids.length][];
    Arrays.setAll(rows, row -> Arrays.copyOfRange(logits, row * classes, (row + 1) * classes));
    return rows;
  }

  @Override
  public void close() throws Exception {
    program.close();
    Files.delete(file);
  }

  private static final class PyTorch implements Program {
    private final Model model = Model.newInstance("exported", "PyTorch");

    PyTorch(Path file) throws Exception {
      model.load(file.getParent(), file.getFileName().toString());
    }

    @Override
    public float[] logits(long[] ids, long[] shape) {
      try (NDManager memory = model.getNDManager().newSubManager()) {
        NDArray input = memory.create(LongBuffer.wrap(ids), new Shape(shape), DataType.INT64);
        return model
            .getBlock()
            .forward(new ParameterStore(memory, false), new NDList(input), false)
            .singletonOrThrow()
            .toFloatArray();
      }
    }

    @Override
    public void close() {
      model.close();
    }
  }

  private static final class Onnx implements Program {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    Onnx(Path file) throws OrtException {
      session = environment.createSession(file.toString());
    }

    @Override
    public float[] logits(long[] ids, long[] shape) throws OrtException, IOException {
      try (OnnxTensor input = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
          OrtSession.Result result = session.run(Map.of("ids", input))) {
        OnnxTensor logits = (OnnxTensor) result.get("logits").orElseThrow();
        float[] values = new float[logits.getFloatBuffer().remaining()];
        logits.getFloatBuffer().get(values);
        return values;
      }
    }

    @Override
    public void close() throws OrtException {
      session.close();
    }
  }
}
