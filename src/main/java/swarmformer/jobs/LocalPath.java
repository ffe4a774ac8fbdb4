package swarmformer.jobs;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import swarmformer.errors.OutputException;

/** A path on this machine, as an option gives it. */
final class LocalPath {
  private LocalPath() {}

  /**
   * Reads a path.
   *
   * @throws OutputException if it cannot be one in the encoding of file names
   */
  static Path of(String path) {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new OutputException(
          "Cannot write to '%s': it is not a path (%s). Set another --output."
              .formatted(path.replaceAll("\\p{Cntrl}", "?"), e.getReason()),
          e);
    }
  }
}
