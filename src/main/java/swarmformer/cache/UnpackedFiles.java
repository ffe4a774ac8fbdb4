package swarmformer.cache;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are unpacked once for each user and host, into a directory named by their content.
 *
 * <p>Processes may share the directory: it appears whole, by a rename, and nothing in it is ever
 * changed. Removing it harms no process that has loaded its files; the next one unpacks them again.
 */
public final class UnpackedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(UnpackedFiles.class);

  private static final String UNFINISHED = "unfinished-";
  private static final int NAME_LENGTH = 32;

  private final List<PackedFile> files;

  /** Files that belong together. */
  public UnpackedFiles(List<PackedFile> files) {
    this.files = List.copyOf(files);
  }

  /**
   * Unpacks the files to the user's cache directory; if that does not take them, to one of this
   * user's in the temporary directory.
   *
   * @param environment tells the user's cache directory
   * @return the directory of these files
   * @throws IOException if neither takes them, with the reason of each
   */
  public Path forUser(Map<String, String> environment) throws IOException {
    List<String> refusals = new ArrayList<>();
    for (Path root : roots(environment)) {
      try {
        return in(root);
      } catch (IOException e) {
        refusals.add(reason(e));
      }
    }
    throw new IOException(String.join("; ", refusals));
  }

  private static List<Path> roots(Map<String, String> environment) {
    return List.of(
        CacheFolder.of(environment).resolve("natives"),
        Path.of(
            System.getProperty("java.io.tmpdir"), "swarmformer-natives-" + PrivateFolder.user()));
  }

  /** Java's file exceptions have the path alone for a message. */
  private static String reason(IOException e) {
    return e instanceof FileSystemException
        ? e.toString().replaceFirst("^.*\\.", "")
        : e.getMessage();
  }

  /**
   * Unpacks the files unless they are there, unchanged.
   *
   * @param root a directory of this user alone; made if absent
   * @return the directory of these files in it
   * @throws IOException if the root is not this user's alone, or cannot be written
   */
  public Path in(Path root) throws IOException {
    Path own = PrivateFolder.make(root);
    Path folder = own.resolve(contentHash());
    if (!isIntact(folder)) {
      try (FileChannel file =
              FileChannel.open(
                  own.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = file.lock()) { // the system frees it when the process dies
        if (!isIntact(folder)) {
          unpack(own, folder);
        }
      }
    }
    return folder;
  }

  private void unpack(Path root, Path folder) throws IOException {
    long start = System.nanoTime();
    discardUnfinished(root);
    try {
      Path unfinished = Files.createTempDirectory(root, UNFINISHED);
      for (PackedFile file : files) {
        file.unpackTo(unfinished);
      }
      if (!isIntact(unfinished)) {
        throw new IOException("what was unpacked in %s is damaged".formatted(root));
      }
      if (Files.exists(folder)) { // damaged, and perhaps in use: moved as a whole
        Files.move(folder, root.resolve(UNFINISHED + "damaged"), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      discardUnfinished(root);
    }
    LOG.info("Unpacked {} in {} ms", folder, (System.nanoTime() - start) / 1_000_000);
  }

  /** Removes what a process left that died, or that failed. Only the holder of the lock may. */
  private static void discardUnfinished(Path root) throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      for (Path entry : entries.filter(UnpackedFiles::isUnfinished).toList()) {
        discard(entry);
      }
    }
  }

  /** What cannot be removed, or is gone by now, harms nothing: the next process tries again. */
  private static void discard(Path entry) {
    try (Stream<Path> tree = Files.walk(entry)) {
      tree.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      LOG.info("Left {}: {}", entry, e.toString());
    }
  }

  private static boolean isUnfinished(Path entry) {
    return entry.getFileName().toString().startsWith(UNFINISHED);
  }

  /** Whether the directory holds these files and no others. */
  private boolean isIntact(Path folder) {
    Set<Path> expected =
        files.stream().map(file -> folder.resolve(file.path())).collect(Collectors.toSet());
    try (Stream<Path> tree = Files.walk(folder)) {
      Set<Path> found =
          tree.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
              .collect(Collectors.toSet());
      return found.equals(expected) && files.stream().allMatch(file -> file.isIntactIn(folder));
    } catch (IOException | UncheckedIOException absent) {
      return false;
    }
  }

  private String contentHash() {
    String fingerprints =
        files.stream().map(PackedFile::fingerprint).sorted().collect(Collectors.joining());
    return DigestUtils.sha256Hex(fingerprints).substring(0, NAME_LENGTH);
  }
}
