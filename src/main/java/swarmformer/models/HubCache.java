package swarmformer.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One model's directory in the local cache: {@code <commit>/} holds files and {@code files.json}
 * with their size and SHA-256, {@code refs/<revision>} the commit that a revision last stood for.
 * Every file appears whole, by a rename, so that threads and processes may share the directory.
 */
final class HubCache {
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final List<String> FILES = List.of(CONFIG, WEIGHTS);

  private static final String FINGERPRINTS = "files.json";
  private static final Pattern PARTIAL = Pattern.compile("\\.[0-9a-f-]{36}\\.part$");
  private static final Duration ABANDONED = Duration.ofDays(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  HubCache(Path root, HubModel model) {
    this.folder = root.resolve("models").resolve(model.folder());
  }

  /** Size in bytes and SHA-256 of a file that was checked against the hub. */
  record Fingerprint(long size, String sha256) {
    static Fingerprint of(Path file) throws IOException {
      return new Fingerprint(Files.size(file), HubFile.sha256(file));
    }
  }

  /** Fills a file that does not yet have its name. */
  interface Writer<T> {
    T write(Path partial) throws IOException;
  }

  Path directory(String commit) {
    return folder.resolve(commit);
  }

  /** The commit that a revision last stood for. */
  Optional<String> commit(HubModel model) throws IOException {
    if (model.isPinned()) {
      return Optional.of(model.revision());
    }
    return text(reference(model)).map(String::strip).filter(HubModel::isCommit);
  }

  void remember(HubModel model, String commit) throws IOException {
    if (!commit(model).equals(Optional.of(commit))) {
      store(reference(model), partial -> Files.writeString(partial, commit + "\n"));
    }
  }

  /** What {@code files.json} says, nothing if it is absent or damaged. */
  Map<String, Fingerprint> fingerprints(String commit) throws IOException {
    Optional<String> json = text(directory(commit).resolve(FINGERPRINTS));
    try {
      Map<String, Fingerprint> known = JSON.readValue(json.orElse("{}"), new TypeReference<>() {});
      return Objects.requireNonNullElse(known, Map.of());
    } catch (JsonProcessingException damaged) {
      return Map.of();
    }
  }

  void saveFingerprints(String commit, Map<String, Fingerprint> fingerprints) throws IOException {
    byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(fingerprints);
    store(directory(commit).resolve(FINGERPRINTS), partial -> Files.write(partial, json));
  }

  /** The files of a commit if all are there and none has changed since it was fetched. */
  Optional<HubFiles> intact(String commit) throws IOException {
    Map<String, Fingerprint> known = fingerprints(commit);
    if (!known.containsKey(WEIGHTS)) {
      return Optional.empty();
    }
    for (String file : FILES) {
      if (known.containsKey(file) && !holds(commit, file, known.get(file))) {
        return Optional.empty();
      }
    }
    return Optional.of(files(commit, known));
  }

  /** Whether the cached file is the one with this fingerprint, which may be null. */
  boolean holds(String commit, String file, Fingerprint expected) throws IOException {
    Path path = directory(commit).resolve(file);
    return expected != null
        && Files.isRegularFile(path)
        && Files.size(path) == expected.size()
        && Fingerprint.of(path).equals(expected);
  }

  HubFiles files(String commit, Map<String, Fingerprint> known) {
    Path directory = directory(commit);
    Optional<Path> config = Optional.of(directory.resolve(CONFIG));
    return new HubFiles(
        commit, config.filter(file -> known.containsKey(CONFIG)), directory.resolve(WEIGHTS));
  }

  /** Writes beside the target under a name of its own, then takes the target's name at once. */
  <T> T store(Path target, Writer<T> writer) throws IOException {
    Files.createDirectories(target.getParent());
    removeAbandoned();
    Path partial = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      T result = writer.write(partial);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      return result;
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private void removeAbandoned() throws IOException {
    FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            boolean old = attributes.lastModifiedTime().compareTo(limit) < 0;
            if (old && PARTIAL.matcher(file.toString()).find()) {
              Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
          }

          /** Another process has just renamed or removed it. */
          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private Path reference(HubModel model) {
    return folder.resolve("refs").resolve(model.revisionSegment());
  }

  private static Optional<String> text(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }
}
