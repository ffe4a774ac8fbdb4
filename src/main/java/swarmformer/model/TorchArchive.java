package swarmformer.model;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive: a zip of stored entries, equal for equal content.
 *
 * <p>It has the source of the classes, a pickled instance of one of them, an empty pickled tuple of
 * constants, a format version, and what else is stored.
 */
public final class TorchArchive implements Closeable {
  private static final String FOLDER = "SwarmFormer/";

  /** Protocol 2: the empty tuple. */
  private static final String NO_CONSTANTS_PICKLE = "\u0080\u0002).";

  private static final String FORMAT_VERSION = "3\n";
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ZipOutputStream zip;

  /**
   * Begins an archive.
   *
   * @param source of the classes in {@code __torch__}
   * @param pickle of the module
   */
  public TorchArchive(OutputStream out, byte[] source, byte[] pickle) throws IOException {
    zip = new ZipOutputStream(out);
    store("data.pkl", pickle);
    store("code/__torch__.py", source);
    store("constants.pkl", NO_CONSTANTS_PICKLE.getBytes(StandardCharsets.ISO_8859_1));
    store("version", FORMAT_VERSION.getBytes(StandardCharsets.US_ASCII));
  }

  /** Adds an entry. */
  public void store(String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(FOLDER + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
