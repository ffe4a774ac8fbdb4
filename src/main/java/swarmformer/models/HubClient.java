package swarmformer.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import swarmformer.cache.CacheFolder;
import swarmformer.checkpoint.ModelException;
import swarmformer.models.HubCache.Fingerprint;

/**
 * Fetches models from a Hugging Face hub into a local cache, and takes them from there.
 *
 * <p>Every file is checked against the hub's size and hash before it is kept, and against the
 * cache's own record on every use. A branch or tag is always asked for anew, so that an unreachable
 * hub never silently means an older model; a commit that is cached needs no network.
 *
 * <p>Threads and processes may share the cache.
 */
public final class HubClient {
  /** The revision to ask for if nobody names one. */
  public static final String DEFAULT_REVISION = "main";

  private static final int MAX_LISTING_BYTES = 16 << 20;

  private final HubEndpoint endpoint;
  private final Map<String, String> environment;
  private final boolean offline;

  /**
   * A client with the settings of Hugging Face's own tools.
   *
   * @param environment {@link System#getenv()}, of which are read: HF_ENDPOINT, HF_TOKEN,
   *     HF_HUB_DOWNLOAD_TIMEOUT (seconds), HF_HUB_OFFLINE, SWARMFORMER_CACHE, XDG_CACHE_HOME, HOME
   * @throws ModelException if a setting cannot be used
   */
  public HubClient(Map<String, String> environment) {
    this.endpoint = HubEndpoint.of(environment);
    this.environment = Map.copyOf(environment);
    this.offline =
        HubEndpoint.variable(environment, "HF_HUB_OFFLINE")
            .filter(value -> value.matches("(?i)1|true|yes|on"))
            .isPresent();
  }

  /**
   * The files of one revision of a model, from the cache if possible.
   *
   * @param name owner and model, {@code org/name}
   * @param revision a branch, a tag or a commit
   * @throws ModelException if the files cannot be had, or are not what the hub lists
   */
  public HubFiles fetch(String name, String revision) {
    HubModel model = new HubModel(name, revision);
    Path cacheRoot = CacheFolder.made(environment);
    HubCache cache = new HubCache(cacheRoot, model);
    try {
      return offline ? cached(model, cache, cacheRoot) : cachedOrFetched(model, cache);
    } catch (IOException e) {
      throw new ModelException(
          "Cannot fetch %s: the cache %s cannot be read or written: %s. Free space there, or set SWARMFORMER_CACHE to a directory that can be written."
              .formatted(model, cacheRoot, e),
          e);
    }
  }

  private static HubFiles cached(HubModel model, HubCache cache, Path cacheRoot)
      throws IOException {
    String commit =
        cache
            .commit(model)
            .filter(known -> Files.isDirectory(cache.directory(known)))
            .orElseThrow(
                () ->
                    new ModelException(
                        "Cannot fetch %s: HF_HUB_OFFLINE is set and the cache %s does not have it. Run once without HF_HUB_OFFLINE, or set SWARMFORMER_CACHE to the cache of an earlier run."
                            .formatted(model, cacheRoot)));
    return cache
        .intact(commit)
        .orElseThrow(
            () ->
                new ModelException(
                    "Cannot fetch %s: HF_HUB_OFFLINE is set and the cached copy %s is damaged: it does not fit its files.json. Run once without HF_HUB_OFFLINE to fetch it again."
                        .formatted(model, cache.directory(commit))));
  }

  private HubFiles cachedOrFetched(HubModel model, HubCache cache) throws IOException {
    Optional<HubFiles> pinned =
        model.isPinned() ? cache.intact(model.revision()) : Optional.empty();
    return pinned.isPresent() ? pinned.get() : fetched(model, cache);
  }

  private HubFiles fetched(HubModel model, HubCache cache) throws IOException {
    HubHttp http = new HubHttp(endpoint, model);
    byte[] description =
        http.read(model.listingPath(), MAX_LISTING_BYTES, InputStream::readAllBytes);
    HubListing listing = HubListing.parse(model, description);
    String commit = listing.commit();
    Map<String, Fingerprint> known = cache.fingerprints(commit);
    Map<String, Fingerprint> checked = new TreeMap<>();
    for (HubFile file : listing.files()) {
      Fingerprint old = known.get(file.name());
      boolean kept = old != null && file.agreesWith(old) && cache.holds(commit, file.name(), old);
      checked.put(file.name(), kept ? old : download(http, model, cache, commit, file));
    }
    if (!checked.equals(known)) {
      cache.saveFingerprints(commit, checked);
    }
    cache.remember(model, commit);
    return cache.files(commit, checked);
  }

  private static Fingerprint download(
      HubHttp http, HubModel model, HubCache cache, String commit, HubFile file)
      throws IOException {
    return cache.store(
        cache.directory(commit).resolve(file.name()),
        partial -> {
          http.read(
              model.filePath(commit, file.name()),
              file.size(),
              body -> Files.copy(body, partial, StandardCopyOption.REPLACE_EXISTING));
          file.check(model, partial);
          return Fingerprint.of(partial);
        });
  }
}
