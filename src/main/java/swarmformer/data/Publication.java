package swarmformer.data;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;

/**
 * What one process writes and makes visible whole or not at all.
 *
 * <p>It holds a {@link Lease} in {@code ROOT/_staging}, and has a directory there that no other
 * process uses. Where a directory can be renamed in one step, that is how it is published; a
 * process that lost its lease finds that its directory was removed by the one that took over.
 */
public final class Publication implements Closeable {
  /** Where a rename of a directory is one step, seen by all or by none. */
  private static final Set<String> ATOMIC_RENAME = Set.of("file", "hdfs", "webhdfs", "swebhdfs");

  /** In the staging directory: what is being replaced, until its successor is published. */
  private static final String REPLACED = "replaced";

  private final Configuration hadoop;
  private final FileSystem files;
  private final Path root;
  private final LeaseFiles leases;
  private final Optional<Path> target;
  private final Remains remains;
  private Lease lease;

  /** Whether other processes may write something of the same name. */
  enum Names {
    /** They may: the storage has to tell who was first. */
    SHARED,
    /** The name was made for this process alone: storage of any kind will do. */
    UNIQUE
  }

  /** Removes what dead processes have left outside of their staging directories. */
  interface Remains {
    /** Called while this process holds the lease of that name. */
    void remove(String name) throws IOException;
  }

  private Publication(Configuration hadoop, Path root, Optional<Path> target, Remains remains)
      throws IOException {
    this.hadoop = hadoop;
    this.files = root.getFileSystem(hadoop);
    this.root = files.makeQualified(root);
    this.leases = new LeaseFiles(hadoop, staging(this.root));
    this.target = target.map(files::makeQualified);
    this.remains = remains;
  }

  /**
   * Begins to write something, after clearing away what processes that died have left.
   *
   * @param root the directory that holds {@code _staging}
   * @param name what is leased
   * @param title what messages call it
   * @param target where it is published; empty if not by a rename
   * @throws LeaseHeldException if a live process writes it
   * @throws OutputException if nothing can be written there, or the storage cannot tell which of
   *     two processes was first
   */
  public static Publication begin(
      Configuration hadoop, Path root, String name, String title, Optional<Path> target) {
    return begin(hadoop, root, Names.SHARED, name, title, target, nothing -> {});
  }

  static Publication begin(
      Configuration hadoop,
      Path root,
      Names names,
      String name,
      String title,
      Optional<Path> target,
      Remains remains) {
    try {
      Publication publication = new Publication(hadoop, root, target, remains);
      if (names == Names.SHARED) {
        publication.requireExclusive(title);
      }
      publication.acquire(RunId.check(name), title);
      return publication;
    } catch (IOException | IllegalArgumentException e) {
      throw Failures.ofWriting(root.toString(), e);
    }
  }

  /** Whether the storage can create a file only if it is absent. */
  static boolean isExclusive(Configuration hadoop, Path root) {
    return ofNothing(hadoop, root).leases.isExclusive();
  }

  /**
   * Refuses storage that cannot tell which of two processes was first.
   *
   * @param title what would be written, for messages
   */
  static void requireExclusive(Configuration hadoop, Path root, String title) {
    ofNothing(hadoop, root).requireExclusive(title);
  }

  private static Publication ofNothing(Configuration hadoop, Path root) {
    try {
      return new Publication(hadoop, root, Optional.empty(), nothing -> {});
    } catch (IOException | IllegalArgumentException e) {
      throw Failures.ofWriting(root.toString(), e);
    }
  }

  private void requireExclusive(String title) {
    if (!leases.isExclusive()) {
      throw new OutputException(
          "Cannot write %s to %s: this storage cannot create a file only if it is absent, so two processes could write it at once. With S3A that takes Hadoop 3.4.2 (Spark 4.1) and fs.s3a.create.conditional.enabled=true. Write elsewhere; runs without --run-id can be written here, too."
              .formatted(title, root));
    }
  }

  private void acquire(String name, String title) throws IOException {
    lease = Lease.acquire(hadoop, leases, name, title, target.map(Path::toString).orElse(""));
    try {
      clear(name);
      sweep(name);
      if (!files.mkdirs(folder())) {
        throw new IOException("cannot make directory " + folder());
      }
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /**
   * Clears away what processes that died have left, as {@link #begin} does: what they had set aside
   * is put back, or removed if its successor was published. What live ones write stays.
   *
   * @param root the directory that holds {@code _staging}
   */
  public static void recover(Configuration hadoop, Path root) {
    try {
      new Publication(hadoop, root, Optional.empty(), nothing -> {}).sweep("");
    } catch (IOException e) {
      throw Failures.ofWriting(root.toString(), e);
    }
  }

  /**
   * Names of what is set aside at this moment: a process is replacing it, or died while it did.
   *
   * @param root the directory that holds {@code _staging}
   */
  public static List<String> setAside(Configuration hadoop, Path root) {
    try {
      FileSystem files = root.getFileSystem(hadoop);
      LeaseFiles leases = new LeaseFiles(hadoop, staging(root));
      List<String> names = new ArrayList<>();
      for (String directory : leases.names()) {
        if (files.exists(new Path(leases.path(directory), REPLACED))) {
          Lease.nameOf(directory).ifPresent(names::add);
        }
      }
      return names;
    } catch (IOException e) {
      throw Failures.ofReading(root.toString(), e);
    }
  }

  /**
   * Names that a lease is there for at this moment: a process writes something of the name, or died
   * while it did.
   *
   * @param root the directory that holds {@code _staging}
   */
  public static List<String> leased(Configuration hadoop, Path root) {
    try {
      return names(new LeaseFiles(hadoop, staging(root)));
    } catch (IOException e) {
      throw Failures.ofReading(root.toString(), e);
    }
  }

  private static List<String> names(LeaseFiles leases) throws IOException {
    return leases.names().stream().flatMap(file -> Lease.nameOf(file).stream()).distinct().toList();
  }

  /** Removes what dead processes have left of other names, never what live ones write. */
  private void sweep(String own) throws IOException {
    for (String other : names(leases)) {
      if (other.equals(own)) {
        continue;
      }
      Optional<Lease> dead = Lease.acquireIfDead(hadoop, leases, other);
      if (dead.isPresent()) {
        try (Lease taken = dead.get()) {
          clear(other);
        }
      }
    }
  }

  /** Removes what others have left of a name whose lease this process holds. */
  private void clear(String name) throws IOException {
    Map<String, String> targets = Lease.targets(leases, name);
    for (String directory : leases.names()) {
      if (Lease.isAttempt(directory, name) && !isOwn(directory)) {
        Path replaced = new Path(leases.path(directory), REPLACED);
        String published = targets.getOrDefault(Lease.tokenOf(directory), "");
        if (!published.isEmpty()) {
          putBack(replaced, new Path(published));
        }
        if (!published.isEmpty() || !files.exists(replaced)) {
          leases.delete(directory);
        }
      }
    }
    remains.remove(name);
  }

  private boolean isOwn(String directory) {
    return lease != null && directory.equals(lease.attempt());
  }

  /** Restores what was set aside, unless its successor was published. */
  private void putBack(Path replaced, Path published) throws IOException {
    boolean needed = files.exists(replaced) && !files.exists(published);
    if (needed && !files.rename(replaced, published) && files.exists(replaced)) {
      throw new IOException("cannot move " + replaced + " back to " + published);
    }
  }

  /** Where directories can be published by a rename. */
  static boolean isAtomic(FileSystem files, Path path) throws IOException {
    return ATOMIC_RENAME.contains(Folders.scheme(files, path));
  }

  static Path staging(Path root) {
    return new Path(root, "_staging");
  }

  /** A directory of this process alone, removed at the end. */
  public Path folder() {
    return leases.path(lease.attempt());
  }

  /** Random, and this publication's alone. */
  String token() {
    return lease.token();
  }

  /**
   * Makes sure that no other process has taken over.
   *
   * @throws LeaseHeldException if one has
   */
  public void check() {
    lease.check();
  }

  /**
   * Moves a directory to the target in one step, with all that it holds. One that is there is set
   * aside before, and comes back if this process dies in between.
   *
   * @throws LeaseHeldException if another process has taken over
   * @throws OutputException if something is there and may not be replaced
   */
  public void publish(Path staged, boolean replace) {
    Path published = target.orElseThrow();
    check();
    try {
      if ("file".equals(files.getUri().getScheme())) {
        LocalDisk.force(java.nio.file.Path.of(staged.toUri().getPath()));
      }
      files.mkdirs(published.getParent());
      if (replace && files.exists(published)) {
        rename(published, new Path(folder(), REPLACED));
      }
      rename(staged, published);
    } catch (FileAlreadyExistsException e) {
      throw new OutputException(
          "Cannot publish to %s: it exists already. Another process was faster; run again."
              .formatted(published),
          e);
    } catch (FileNotFoundException e) {
      check(); // who takes over removes the directory
      throw Failures.ofWriting(published.toString(), e);
    } catch (IOException e) {
      throw Failures.ofWriting(published.toString(), e);
    }
  }

  /**
   * Moves what was published out of sight in one step. It is removed when this ends, or by the next
   * process if this one dies.
   *
   * @throws LeaseHeldException if another process has taken over
   */
  public void withdraw() {
    Path published = target.orElseThrow();
    check();
    try {
      if (files.exists(published)) {
        rename(published, new Path(folder(), "withdrawn"));
      }
    } catch (IOException e) {
      throw Failures.ofWriting(published.toString(), e);
    }
  }

  /** {@link FileContext#rename} is atomic and refuses; {@link FileSystem#rename} would nest. */
  private void rename(Path from, Path to) throws IOException {
    FileContext.getFileContext(from.toUri(), hadoop).rename(from, to);
  }

  /**
   * Refuses file systems that cannot rename a directory in one step.
   *
   * @param advice what to do instead, a sentence
   */
  public static void requireAtomicRename(Configuration hadoop, Path root, String advice) {
    try {
      if (!isAtomic(root.getFileSystem(hadoop), root)) {
        throw new OutputException(
            "Cannot publish to %s: a directory cannot be renamed in one step there. %s"
                .formatted(root, advice));
      }
    } catch (IOException e) {
      throw Failures.ofWriting(root.toString(), e);
    }
  }

  /** Removes what was staged, puts back what was set aside for nothing, and ends the lease. */
  @Override
  public void close() {
    try (Lease ending = Objects.requireNonNull(lease)) {
      if (target.isPresent()) {
        putBack(new Path(folder(), REPLACED), target.get());
      }
      files.delete(folder(), true);
    } catch (IOException e) {
      throw Failures.ofWriting(root.toString(), e);
    }
  }
}
