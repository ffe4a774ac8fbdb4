package swarmformer.cache;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;

/** A directory that nobody but this user can have made, and nobody else can write or read. */
public final class PrivateFolder {
  /** Of the file's mode: what kind of file it is, and who may do what with it. */
  private static final int KIND_AND_PERMISSIONS = 0170777;

  private static final int PRIVATE_FOLDER = 0040700;

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private PrivateFolder() {}

  /** The number of the user who runs this process. */
  public static long user() {
    return new UnixSystem().getUid();
  }

  /**
   * Makes the directory unless it is there.
   *
   * @return its path without symbolic links
   * @throws IOException if it cannot be made, or is there and not this user's alone
   */
  static Path make(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(folder, PRIVATE);
    }
    Map<String, Object> found =
        Files.readAttributes(folder, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
    int mode = (int) found.get("mode") & KIND_AND_PERMISSIONS;
    long owner = (int) found.get("uid");
    if (owner != user()) {
      throw new IOException(
          String.format(Locale.ROOT, "%s belongs to user %d, not to %d", folder, owner, user()));
    }
    if (mode != PRIVATE_FOLDER) {
      throw new IOException(
          "%s has mode %o; a directory of this user alone has %o"
              .formatted(folder, mode, PRIVATE_FOLDER));
    }
    return folder.toRealPath();
  }
}
