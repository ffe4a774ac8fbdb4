package swarmformer.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import swarmformer.errors.InputException;

/** Which compressed files are read, by their names and by their first bytes. */
final class Compression {
  /** Endings that Hadoop's codecs have. */
  private static final Set<String> READABLE =
      Set.of("gz", "bz2", "zst", "snappy", "lz4", "deflate");

  /** Endings that no codec has, and what to do. */
  private static final Map<String, String> UNREADABLE =
      Map.of(
          "gzip", "Rename it to .gz.",
          "zstd", "Rename it to .zst.",
          "xz", "Decompress it first, as with xz -d.",
          "zip", "Decompress it first, as with unzip.",
          "7z", "Decompress it first.",
          "br", "Decompress it first.",
          "lzma", "Decompress it first.",
          "lzo", "Decompress it first.",
          "z", "Decompress it first.",
          "rar", "Decompress it first.");

  /**
   * What begins with some bytes.
   *
   * @param name what it is called
   * @param bytes what it begins with, one character each
   * @param offset where
   * @param ending of the names that are decompressed; empty if none is
   */
  private record Magic(String name, String bytes, int offset, String ending) {
    boolean begins(byte[] head) {
      if (head.length < offset + bytes.length()) {
        return false;
      }
      for (int i = 0; i < bytes.length(); i++) {
        if ((head[offset + i] & 0xFF) != bytes.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Magic> KNOWN =
      List.of(
          new Magic("compressed with gzip", "\u001f\u008b\b", 0, "gz"),
          new Magic("compressed with bzip2", "1AY&SY", 4, "bz2"),
          new Magic("compressed with Zstandard", "(\u00b5/\u00fd", 0, "zst"),
          new Magic("compressed with xz", "\u00fd7zXZ\0", 0, ""),
          new Magic("an LZ4 frame, which Hadoop cannot decompress", "\4\"M\30", 0, ""),
          new Magic("a Snappy frame, which Hadoop cannot decompress", "\u00ff\6\0\0sNaPpY", 0, ""),
          new Magic("compressed with compress", "\u001f\u009d", 0, ""),
          new Magic("a zip archive", "PK\u0003\u0004", 0, ""),
          new Magic("a 7z archive", "7z\u00bc\u00af'\34", 0, ""),
          new Magic("a rar archive", "Rar!\u001a", 0, ""),
          new Magic("a tar archive", "ustar", 257, ""),
          new Magic("a Parquet file", "PAR1\u0015", 0, ""),
          new Magic("an Avro file", "Obj\u0001", 0, ""),
          new Magic("a PDF document", "%PDF-", 0, ""),
          new Magic("an SQLite database", "SQLite format 3\0", 0, ""));

  /** Hadoop writes 256 KiB at most unless it is told otherwise. */
  private static final int MOST_OF_A_BLOCK = 1 << 28;

  private Compression() {}

  static boolean isReadable(String ending) {
    return READABLE.contains(ending);
  }

  /** Whether the name of a file says that it is compressed as a whole. */
  static boolean isCompressed(String file) {
    return isReadable(file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /**
   * Refuses a file by its name.
   *
   * @throws InputException if its ending is that of a compression that is not read
   */
  static void refuseUnreadable(Path file) {
    String name = file.getName();
    String ending = name.substring(name.lastIndexOf('.') + 1);
    String advice = UNREADABLE.get(ending.toLowerCase(Locale.ROOT));
    if (name.contains(".") && advice != null) {
      throw new InputException(
          "Cannot read %s: Spark does not decompress .%s. %s".formatted(file, ending, advice));
    }
  }

  /**
   * What a text file cannot begin with.
   *
   * @param head first bytes as they are
   * @return why they are not text, a sentence; empty if they may be
   */
  static Optional<String> notText(byte[] head, String fileName) {
    String ending = fileName.substring(fileName.lastIndexOf('.') + 1);
    return KNOWN.stream()
        .filter(magic -> magic.begins(head) && !magic.ending().equals(ending))
        .findFirst()
        .map(
            magic ->
                "it is %s.%s"
                    .formatted(
                        magic.name(),
                        magic.ending().isEmpty()
                            ? " Decompress or convert it first, or set --format."
                            : " Rename it to ." + magic.ending() + ", or decompress it."));
  }

  /**
   * Whether a file holds blocks as Hadoop's codecs for Snappy and LZ4 write them, each behind its
   * length and that of its first chunk. Of anything else they take some bytes for a length, and as
   * much memory.
   *
   * @param head first bytes as they are
   * @param length of the file
   */
  static boolean holdsBlocks(byte[] head, long length) {
    if (head.length < 2 * Integer.BYTES) {
      return head.length == 0;
    }
    ByteBuffer lengths = ByteBuffer.wrap(head);
    int block = lengths.getInt();
    int chunk = lengths.getInt();
    return block >= 0 && block <= MOST_OF_A_BLOCK && chunk >= 0 && chunk <= length;
  }
}
