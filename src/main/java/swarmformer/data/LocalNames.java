package swarmformer.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.fs.PathFilter;
import swarmformer.errors.InputException;

/** What lies on a local disk and Hadoop cannot name or read, and would pass over. */
final class LocalNames {
  private static final String ENCODING = System.getProperty("sun.jnu.encoding", "");

  private LocalNames() {}

  /**
   * Looks at a file, or at all that a directory holds.
   *
   * @param filter of the files that are read
   * @throws InputException if there is a name that this locale or Hadoop cannot say, a link that
   *     leads nowhere or in a circle, or what is not a file
   */
  static void check(Path path, PathFilter filter) throws IOException {
    boolean isDirectory = Files.isDirectory(path);
    if (!isDirectory && !filter.accept(nameOf(path))) {
      return;
    }
    checkName(path);
    if (!isDirectory) {
      checkFile(path);
      return;
    }
    refuseCircle(path);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        if (!FileNames.isHidden(String.valueOf(entry.getFileName()))) {
          check(entry, filter);
        }
      }
    }
  }

  /** Of three parts: of one, a name with a colon is none. */
  private static org.apache.hadoop.fs.Path nameOf(Path path) {
    return new org.apache.hadoop.fs.Path(null, null, "/" + path.getFileName());
  }

  private static void checkName(Path path) {
    if (String.valueOf(path.getFileName()).contains(":")) {
      throw new InputException(
          "Cannot read %s: Hadoop reads no names with a colon. Rename it.".formatted(path));
    }
    // java.io.File, which Hadoop uses, goes through a string; java.nio keeps the bytes of a name.
    if (!path.toFile().exists()) {
      throw new InputException(
          "Cannot read '%s': %s"
              .formatted(
                  path,
                  Files.exists(path)
                      ? "the name is not text in the encoding of file names, %s. Rename it, or set LC_ALL=C.UTF-8."
                          .formatted(ENCODING)
                      : "it is a link to a file that does not exist. Remove it."));
    }
  }

  private static void checkFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InputException(
          "Cannot read %s: it is a pipe, socket or device, not a file. Write what it gives to a file first."
              .formatted(file));
    }
  }

  private static void refuseCircle(Path directory) throws IOException {
    if (Files.isSymbolicLink(directory)
        && directory.toAbsolutePath().getParent().toRealPath().startsWith(directory.toRealPath())) {
      throw new InputException(
          "Cannot read %s: it is a link to a directory that holds it. Remove it."
              .formatted(directory));
    }
  }

  /** What to do where a name is not found that this locale may not have been able to say. */
  static String adviceFor(String name) {
    boolean ascii = name.chars().allMatch(c -> c < 128);
    return ascii || ENCODING.equalsIgnoreCase("UTF-8")
        ? ""
        : " The encoding of file names is %s: set LC_ALL=C.UTF-8.".formatted(ENCODING);
  }
}
