package swarmformer.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.viewfs.ViewFileSystem;

/** Directories that several processes use. */
public final class Folders {
  private Folders() {}

  /** The scheme of the storage of a path, be it mounted in a view, where it need not exist. */
  static String scheme(FileSystem files, Path path) throws IOException {
    Path at = files instanceof ViewFileSystem ? path : null;
    while (at != null) {
      try {
        return files.resolvePath(at).toUri().getScheme();
      } catch (FileNotFoundException e) {
        at = at.getParent();
      }
    }
    return files.getUri().getScheme();
  }

  /** Removes a directory unless something is in it, of another process maybe. */
  public static void removeIfEmpty(FileSystem files, Path folder) {
    try {
      removeEmpty(files, folder);
    } catch (IOException e) {
      // It is not empty.
    }
  }

  /**
   * Removes a directory, if it is there and empty. Hadoop's local file system lists and then
   * deletes all; a directory made in between would go.
   *
   * @throws IOException if it is not empty
   */
  static void removeEmpty(FileSystem files, Path folder) throws IOException {
    if (files.getUri().getScheme().equals("file")) {
      Files.deleteIfExists(Paths.get(folder.toUri().getPath()));
    } else {
      files.delete(folder, false);
    }
  }
}
