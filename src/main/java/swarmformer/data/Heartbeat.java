package swarmformer.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes an empty file in a folder again and again: who sees it knows that its writer lives. */
final class Heartbeat implements Closeable {
  /** The file. */
  static final String FILE = "_heartbeat";

  private static final long EVERY_SEC = 60;

  private final FileSystem files;
  private final Path file;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Heartbeat::daemon);

  /** A heartbeat that is still. */
  Heartbeat(FileSystem files, Path folder) {
    this.files = files;
    this.file = new Path(folder, FILE);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a beat that fails is no failure of the writer
  void start() {
    clock.scheduleAtFixedRate(this::beat, EVERY_SEC, EVERY_SEC, TimeUnit.SECONDS);
  }

  private void beat() {
    try {
      files.create(file, true).close();
    } catch (IOException e) {
      // The next beat may succeed; many must fail before others take the writer for dead.
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "heartbeat");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
