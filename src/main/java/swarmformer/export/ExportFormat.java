package swarmformer.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.SafetensorsWriter;

/** A kind of file that a model is written as. Weights are float32 in all. */
public enum ExportFormat {
  /** A module with its weights, for PyTorch: {@code torch.jit.load}. */
  TORCHSCRIPT("torchscript", "TorchScript"),

  /** The weights alone, as the published checkpoints have them. */
  SAFETENSORS("safetensors", "safetensors"),

  /** A graph with its weights, for ONNX Runtime and others. */
  ONNX("onnx", "ONNX, operator set " + Onnx.OPERATOR_SET);

  private final String option;
  private final String title;

  ExportFormat(String option, String title) {
    this.option = option;
    this.title = title;
  }

  /** The format of a name. */
  public static Optional<ExportFormat> of(String option) {
    return Arrays.stream(values()).filter(format -> format.option.equals(option)).findFirst();
  }

  /** What a person calls it. */
  public String title() {
    return title;
  }

  /**
   * Writes a new file, whole or not at all; its directory is there.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   * @throws ModelException if the model is too large
   */
  public void write(Checkpoint checkpoint, Path file) throws IOException {
    refuseTooLarge(checkpoint);
    NewFile.write(file, out -> write(checkpoint, out));
  }

  private void write(Checkpoint checkpoint, OutputStream out) throws IOException {
    switch (this) {
      case TORCHSCRIPT -> TorchScript.write(checkpoint, out);
      case SAFETENSORS ->
          out.write(SafetensorsWriter.write(checkpoint.weights().tensors(), Dtype.F32));
      case ONNX -> Onnx.write(checkpoint, out);
    }
  }

  /** Protocol Buffers end there, and so does what a model is read from. */
  private static void refuseTooLarge(Checkpoint checkpoint) {
    long bytes = checkpoint.weights().parameters() * Float.BYTES;
    if (bytes > Integer.MAX_VALUE - (1 << 24)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "Cannot export the model: it has %,d bytes of float32 weights, and a file has at most 2 GiB. Choose a smaller --model.",
              bytes));
    }
  }
}
