package swarmformer.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** {@code OUTPUT/_staging}: a folder for each run that is being written, or that died. */
final class Staging {
  /** In a staging folder: the run that is being replaced, until its successor is published. */
  static final String REPLACED = "replaced";

  /** A run on another host without a heartbeat for so long is dead. */
  private static final long DEAD_AFTER_MS = TimeUnit.MINUTES.toMillis(15);

  /** Others that begin or end at this moment remove the folder of all staging for as long. */
  private static final int ATTEMPTS = 100;

  private static final long PAUSE_MS = 10;

  /**
   * Another process that writes the same.
   *
   * @param folder its staging folder
   * @param writer the process
   */
  record Rival(Path folder, Writer writer) {}

  private final FileSystem files;
  private final Path output;
  private final Function<String, Path> published;

  /** Staging of runs. */
  Staging(FileSystem files, Path output) {
    this(files, output, name -> RunDirectory.published(output, name));
  }

  /** Staging of things that are published where {@code published} says for their name. */
  Staging(FileSystem files, Path output, Function<String, Path> published) {
    this.files = files;
    this.output = output;
    this.published = published;
  }

  static Path of(Path output) {
    return new Path(output, "_staging");
  }

  /** Makes a staging folder, although others may just remove the folder of all staging. */
  void make(Path staging) throws IOException {
    for (int attempt = 1; !made(staging, attempt == ATTEMPTS); attempt++) {
      pause();
    }
  }

  /** Hadoop gives false, or fails, for a folder whose parent goes while it is made. */
  private boolean made(Path staging, boolean last) throws IOException {
    try {
      if (files.mkdirs(staging)) {
        return true;
      }
    } catch (IOException e) {
      if (last) {
        throw e;
      }
    }
    if (last) {
      throw new IOException("cannot make folder " + staging);
    }
    return false;
  }

  /** Removes what dead runs have left, never what live ones write. */
  void sweep() throws IOException {
    for (FileStatus folder : folders()) {
      Optional<Writer> writer = Writer.parse(folder.getPath().getName());
      if (!isLive(folder, writer)) {
        remove(folder.getPath(), writer.map(Writer::runId).orElse(""));
      }
    }
  }

  /**
   * Refuses a second writer of one run.
   *
   * @param own name of the staging folder that is no second writer's
   * @throws DataException if a live process writes it
   */
  void refuseIfBeingWritten(String runId, String own) throws IOException {
    for (Rival rival : rivals(runId, own)) {
      throw new DataException(
          "Cannot write run '%s': process %d on %s is writing it. Wait for it, or set another --run-id."
              .formatted(runId, rival.writer().pid(), rival.writer().host()));
    }
  }

  /**
   * Finds the other processes that live and write something of a name.
   *
   * @param own name of the staging folder that is no rival's
   */
  List<Rival> rivals(String name, String own) throws IOException {
    List<Rival> rivals = new ArrayList<>();
    for (FileStatus folder : folders()) {
      Path path = folder.getPath();
      Optional<Writer> writer = Writer.parse(path.getName()).filter(w -> w.runId().equals(name));
      if (!path.getName().equals(own) && writer.isPresent() && isLive(folder, writer)) {
        rivals.add(new Rival(path, writer.get()));
      }
    }
    return rivals;
  }

  /**
   * Removes a staging folder, and the folder of all staging when it is empty. A replaced run whose
   * successor was never published goes back to its place first.
   */
  void remove(Path staging, String runId) throws IOException {
    Path replaced = new Path(staging, REPLACED);
    Path target = published.apply(runId);
    if (files.exists(replaced) && !files.exists(target)) {
      putBack(replaced, target);
    }
    files.delete(staging, true);
    removeIfEmpty();
  }

  private void putBack(Path replaced, Path target) throws IOException {
    try {
      if (!files.rename(replaced, target) && files.exists(replaced)) {
        throw new IOException("cannot move " + replaced + " back to " + target);
      }
    } catch (FileNotFoundException e) {
      // Another process sweeps too, and was faster.
    }
  }

  /** Stays when another run begins at this moment. */
  private void removeIfEmpty() throws IOException {
    try {
      if (folders().length == 0) {
        Folders.removeEmpty(files, of(output));
      }
    } catch (IOException e) {
      if (folders().length == 0) {
        throw e;
      }
    }
  }

  /** Hadoop's local file system takes a folder that goes while it is listed for forbidden. */
  private FileStatus[] folders() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return files.listStatus(of(output));
      } catch (FileNotFoundException e) {
        return new FileStatus[0];
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
  }

  private boolean isLive(FileStatus folder, Optional<Writer> writer) throws IOException {
    Optional<Writer> neighbour = writer.filter(Writer::isOnThisHost);
    return neighbour.isPresent() ? neighbour.get().isRunning() : ageMs(folder) < DEAD_AFTER_MS;
  }

  /** Time since the last heartbeat, or since the folder was made. */
  private long ageMs(FileStatus folder) throws IOException {
    Path beat = new Path(folder.getPath(), Heartbeat.FILE);
    long last = folder.getModificationTime();
    try {
      last = Math.max(last, files.getFileStatus(beat).getModificationTime());
    } catch (FileNotFoundException e) {
      // It is younger than its first heartbeat.
    }
    return System.currentTimeMillis() - last;
  }
}
