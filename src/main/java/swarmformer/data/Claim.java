package swarmformer.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The right of one process to write something, which dies with the process.
 *
 * <p>It is a folder under {@code _staging} that tells its {@link Writer}. Of processes that begin
 * at once exactly one goes on: each makes its folder and then looks at the others'. It gives up
 * where another has entered or has a lesser name, and waits for those of a greater name to see it
 * and give up, or to enter.
 */
public final class Claim implements Closeable {
  /** In the folder of a process that goes on. */
  private static final String ENTERED = "_entered";

  private static final long LOOK_EVERY_MS = 20;

  /** One that neither enters nor leaves for so long has stopped on another machine. */
  private static final long LONGEST_WAIT_MS = 30_000;

  private final Configuration hadoop;
  private final FileSystem files;
  private final String name;
  private final Path folder;
  private final Staging staging;
  private final Heartbeat heartbeat;

  private Claim(Configuration hadoop, Path root, String name, Function<String, Path> published)
      throws IOException {
    this.hadoop = hadoop;
    this.files = root.getFileSystem(hadoop);
    this.name = name;
    Path output = files.makeQualified(root);
    this.folder = new Path(Staging.of(output), Writer.ofThisProcess(name).folder());
    this.staging = new Staging(files, output, published);
    this.heartbeat = new Heartbeat(files, folder);
  }

  /**
   * Claims something, after clearing away what processes that died have left.
   *
   * @param root the folder that holds {@code _staging}
   * @param name what is claimed
   * @param published where something of a name lies when it is published
   * @throws HeldException if a live process holds it
   * @throws DataException if nothing can be written there
   */
  public static synchronized Claim take(
      Configuration hadoop, Path root, String name, Function<String, Path> published) {
    try {
      Claim claim = new Claim(hadoop, root, RunId.check(name), published);
      claim.begin();
      return claim;
    } catch (IOException | IllegalArgumentException e) {
      throw WriteErrors.translate(root.toString(), e);
    }
  }

  private void begin() throws IOException {
    staging.sweep();
    if (files.exists(folder)) {
      throw held(Writer.ofThisProcess(name));
    }
    staging.make(folder);
    try {
      waitForTurn();
    } catch (HeldException e) {
      close();
      throw e;
    }
    mark(ENTERED);
    heartbeat.start();
  }

  private void waitForTurn() throws IOException {
    long waitedMs = 0;
    Optional<Staging.Rival> rival = rival();
    while (rival.isPresent()) {
      Path other = rival.get().folder();
      boolean first = other.getName().compareTo(folder.getName()) < 0;
      if (first || files.exists(new Path(other, ENTERED)) || waitedMs > LONGEST_WAIT_MS) {
        throw held(rival.get().writer());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MS));
      waitedMs += LOOK_EVERY_MS;
      rival = rival();
    }
  }

  private Optional<Staging.Rival> rival() throws IOException {
    return staging.rivals(name, folder.getName()).stream().findFirst();
  }

  /** A folder of this process alone, removed with the claim. */
  public Path folder() {
    return folder;
  }

  /**
   * Moves a folder to its place in one step, with all that it holds. One that lies there is set
   * aside before, and comes back if this process dies in between.
   *
   * @throws DataException if something lies there and may not be replaced
   */
  public void publish(Path staged, Path target, boolean replace) {
    try {
      files.mkdirs(target.getParent());
      if (replace && files.exists(target)) {
        rename(target, new Path(folder, Staging.REPLACED));
      }
      rename(staged, target);
    } catch (FileAlreadyExistsException e) {
      throw new DataException(
          "Cannot publish to %s: it exists already. Another process was faster; run again."
              .formatted(target),
          e);
    } catch (IOException e) {
      throw WriteErrors.translate(target.toString(), e);
    }
  }

  /** {@link FileContext#rename} is atomic and refuses; {@link FileSystem#rename} would nest. */
  private void rename(Path from, Path to) throws IOException {
    FileContext.getFileContext(from.toUri(), hadoop).rename(from, to);
  }

  /**
   * Refuses file systems that cannot rename a folder in one step.
   *
   * @param advice what to do instead, a sentence
   */
  public static void requireAtomicRename(Configuration hadoop, Path root, String advice) {
    try {
      String scheme = root.getFileSystem(hadoop).getUri().getScheme();
      if (!RunDirectory.ATOMIC_RENAME.contains(scheme)) {
        throw new DataException(
            "Cannot publish to %s: a folder cannot be renamed in one step there. %s"
                .formatted(root, advice));
      }
    } catch (IOException e) {
      throw WriteErrors.translate(root.toString(), e);
    }
  }

  private HeldException held(Writer writer) {
    return new HeldException(
        "Cannot write %s: process %d on %s is writing it. Wait for it, or stop it."
            .formatted(name, writer.pid(), writer.host()));
  }

  private void mark(String file) throws IOException {
    files.create(new Path(folder, file), true).close();
  }

  /** Gives the claim up, with all that lies in its folder. */
  @Override
  public void close() {
    heartbeat.close();
    try {
      staging.remove(folder, name);
    } catch (IOException e) {
      throw WriteErrors.translate(folder.toString(), e);
    }
  }
}
