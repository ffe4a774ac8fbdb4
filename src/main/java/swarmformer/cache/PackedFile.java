package swarmformer.cache;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;

/**
 * A file in an archive on the class path.
 *
 * @param path where it goes in the directory it is unpacked to
 * @param source where it is packed
 * @param bytes its size
 * @param crc32 its CRC-32, as the archive has it
 */
public record PackedFile(Path path, URL source, long bytes, long crc32) {
  private static final int BUFFER_BYTES = 1 << 18;

  /**
   * Finds what an archive knows of a file.
   *
   * @throws IOException if the source is no file in an archive
   */
  public static PackedFile of(Path path, URL source) throws IOException {
    URLConnection connection = source.openConnection();
    connection.setUseCaches(false);
    if (!(connection instanceof JarURLConnection packed)) {
      throw new IOException(source + " is not in an archive");
    }
    try (JarFile archive = packed.getJarFile()) {
      JarEntry entry = archive.getJarEntry(packed.getEntryName());
      return new PackedFile(path, source, entry.getSize(), entry.getCrc());
    }
  }

  void unpackTo(Path folder) throws IOException {
    Path target = folder.resolve(path);
    Files.createDirectories(target.getParent());
    URLConnection connection = source.openConnection();
    connection.setUseCaches(false);
    try (InputStream content = connection.getInputStream()) {
      Files.copy(content, target);
    }
  }

  /** Whether the directory holds this file, unchanged. */
  boolean isIntactIn(Path folder) {
    Path file = folder.resolve(path);
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) == bytes
          && checksum(file) == crc32;
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Reads, rather than maps, so that the file does not count as memory of this process. */
  private static long checksum(Path file) throws IOException {
    CRC32 checksum = new CRC32();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try (FileChannel content = FileChannel.open(file)) {
      while (content.read(buffer) >= 0) {
        checksum.update(buffer.flip());
        buffer.clear();
      }
    }
    return checksum.getValue();
  }

  /** What the content hash is made of. */
  String fingerprint() {
    return String.format(Locale.ROOT, "%s %d %08x\n", path, bytes, crc32);
  }
}
