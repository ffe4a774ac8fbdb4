package swarmformer.cache;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The folder where a user keeps on a host what later runs can use. */
public final class CacheFolder {
  private CacheFolder() {}

  /** SWARMFORMER_CACHE, else swarmformer in XDG_CACHE_HOME, else ~/.cache/swarmformer. */
  public static Path of(Map<String, String> environment) {
    String home = variable(environment, "HOME").orElse(System.getProperty("user.home"));
    return variable(environment, "SWARMFORMER_CACHE")
        .map(Path::of)
        .or(
            () ->
                variable(environment, "XDG_CACHE_HOME")
                    .map(Path::of)
                    .filter(Path::isAbsolute)
                    .map(cache -> cache.resolve("swarmformer")))
        .orElseGet(() -> Path.of(home, ".cache", "swarmformer"))
        .toAbsolutePath();
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
