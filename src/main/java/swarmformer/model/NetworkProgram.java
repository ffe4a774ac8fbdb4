package swarmformer.model;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Assembles a TorchScript archive from source text.
 *
 * <p>An archive is a zip of stored entries: the source, a pickled module without attributes, an
 * empty pickled tuple of constants, and a format version. The program holds no weights; they are
 * arguments of its {@code forward}.
 */
final class NetworkProgram {
  private static final String MODULE = "SwarmFormer";

  /** Protocol 2: a new {@code __torch__.SwarmFormer} whose state is {@code {training: False}}. */
  private static final String MODULE_PICKLE =
      "\u0080\u0002c__torch__\n" + MODULE + "\n)\u0081}(X\b\0\0\0training\u0089ub.";

  /** Protocol 2: the empty tuple. */
  private static final String NO_CONSTANTS_PICKLE = "\u0080\u0002).";

  private static final String FORMAT_VERSION = "3\n";

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
      return JniUtils.loadModule(memory, archive, false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot load " + String.join(", ", sources) + " from the jar into PyTorch", e);
    }
  }

  private static byte[] archive(byte[] source) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", MODULE_PICKLE.getBytes(StandardCharsets.ISO_8859_1));
      store(zip, "code/__torch__.py", source);
      store(zip, "constants.pkl", NO_CONSTANTS_PICKLE.getBytes(StandardCharsets.ISO_8859_1));
      store(zip, "version", FORMAT_VERSION.getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(MODULE + "/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
