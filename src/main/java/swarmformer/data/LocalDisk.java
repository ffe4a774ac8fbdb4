package swarmformer.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** The disk of this machine, which a loss of power leaves without what was written last. */
public final class LocalDisk {
  private LocalDisk() {}

  /**
   * Writes a directory and all below it from the system's memory to the disk: before it is renamed,
   * and before what could make it again is deleted.
   */
  public static void force(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.toList()) {
        try (FileChannel written = FileChannel.open(path, StandardOpenOption.READ)) {
          written.force(true);
        }
      }
    }
  }
}
