package swarmformer.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.viewfs.ViewFileSystem;

/** Directories that several processes use. */
public final class Folders {
  private Folders() {}

  /** The scheme of the storage of a path, be it mounted in a view, where it need not exist. */
  static String scheme(FileSystem files, Path path) throws IOException {
    String own = files.getUri().getScheme();
    if (!(files instanceof ViewFileSystem view)) {
      return own;
    }
    for (Path at = path; at != null; at = at.getParent()) {
      try {
        String scheme = view.resolvePath(at).toUri().getScheme();
        return scheme.equals(own) ? ofMount(view, path).orElse(own) : scheme;
      } catch (FileNotFoundException e) {
        // What is above it may be there.
      }
    }
    return ofMount(view, path).orElse(own);
  }

  /** The scheme of what is mounted around a path, or else in place of all that is not mounted. */
  private static Optional<String> ofMount(ViewFileSystem view, Path path) {
    String below = path.toUri().getPath() + "/";
    String table = Objects.requireNonNullElse(view.getUri().getAuthority(), "default");
    return Arrays.stream(view.getMountPoints())
        .filter(mount -> below.startsWith(mount.getMountedOnPath().toUri().getPath() + "/"))
        .max(Comparator.comparing(mount -> mount.getMountedOnPath().depth()))
        .map(mount -> mount.getTargetFileSystemURIs()[0])
        .or(
            () ->
                Optional.ofNullable(
                        view.getConf().get("fs.viewfs.mounttable." + table + ".linkFallback"))
                    .map(URI::create))
        .map(URI::getScheme);
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
