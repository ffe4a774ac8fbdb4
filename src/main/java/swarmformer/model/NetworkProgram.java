package swarmformer.model;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Assembles a TorchScript program from source text: a module without attributes. The program holds
 * no weights; they are arguments of its {@code forward}.
 */
final class NetworkProgram {
  private static final String MODULE = "SwarmFormer";

  /** Protocol 2: a new {@code __torch__.SwarmFormer} whose state is {@code {training: False}}. */
  private static final String MODULE_PICKLE =
      "\u0080\u0002c__torch__\n" + MODULE + "\n)\u0081}(X\b\0\0\0training\u0089ub.";

  private NetworkProgram() {}

  /**
   * Loads a program of this package.
   *
   * @param sources names of the resources that hold its text, one after the other
   */
  static PtSymbolBlock load(PtNDManager memory, String... sources) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      for (String source : sources) {
        try (InputStream part = NetworkProgram.class.getResourceAsStream(source)) {
          part.transferTo(text);
        }
      }
      InputStream archive = new ByteArrayInputStream(archive(text.toByteArray()));
      return TorchJni.load(memory, archive);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot load " + String.join(", ", sources) + " from the jar into PyTorch", e);
    }
  }

  /**
   * Loads the network for inference.
   *
   * @param products name of the resource that multiplies, see {@link Products}
   */
  static PtSymbolBlock inference(PtNDManager memory, String products) {
    return load(memory, "sizes.py", "weights.py", products, "inference.py");
  }

  private static byte[] archive(byte[] source) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] pickle = MODULE_PICKLE.getBytes(StandardCharsets.ISO_8859_1);
    new TorchArchive(bytes, source, pickle).close();
    return bytes.toByteArray();
  }
}
