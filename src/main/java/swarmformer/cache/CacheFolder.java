package swarmformer.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The directory where a user keeps on a host what later runs can use. */
public final class CacheFolder {
  private CacheFolder() {}

  /**
   * SWARMFORMER_CACHE, else swarmformer in the directory of the application on YARN, else in
   * XDG_CACHE_HOME, else ~/.cache/swarmformer.
   */
  public static Path of(Map<String, String> environment) {
    String home = variable(environment, "HOME").orElse(System.getProperty("user.home"));
    return variable(environment, "SWARMFORMER_CACHE")
        .map(Path::of)
        .or(() -> ofYarn(environment))
        .or(
            () ->
                variable(environment, "XDG_CACHE_HOME")
                    .map(Path::of)
                    .filter(Path::isAbsolute)
                    .map(cache -> cache.resolve("swarmformer")))
        .orElseGet(() -> Path.of(home, ".cache", "swarmformer"))
        .toAbsolutePath();
  }

  /**
   * That of {@link #of}; where nobody has named it, it is not there and cannot be made, this user's
   * in the temporary directory, if that can be.
   */
  public static Path made(Map<String, String> environment) {
    Path folder = of(environment);
    if (variable(environment, "SWARMFORMER_CACHE").isPresent()) {
      return folder;
    }
    try {
      // Java before 17.0.14 refuses a link to a directory.
      return Files.isDirectory(folder) ? folder : Files.createDirectories(folder);
    } catch (IOException refused) {
      try {
        return PrivateFolder.make(
            Path.of(System.getProperty("java.io.tmpdir"), "swarmformer-" + PrivateFolder.user()));
      } catch (IOException alsoRefused) {
        return folder;
      }
    }
  }

  /**
   * The containers of an application share it on a machine, and it goes with the application. HOME
   * is a directory of all users there ({@code yarn.nodemanager.user-home-dir}).
   */
  private static Optional<Path> ofYarn(Map<String, String> environment) {
    return variable(environment, "CONTAINER_ID")
        .flatMap(container -> variable(environment, "LOCAL_DIRS"))
        .map(folders -> Path.of(folders.split(",")[0], "swarmformer"));
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
