package swarmformer.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** Something that goes wrong in a process when it does something to a file. */
enum Fault {
  // An executor dies while it reads what is to be scored.
  FIRST_TEXTS(Moment.READING, "texts-0", 1, Effect.KILL),
  MIDDLE_TEXTS(Moment.READING, "texts-1", 50, Effect.KILL),
  LAST_TEXTS(Moment.READING, "texts-2", 100, Effect.KILL),
  // An executor dies with its rows scored and written, or while it commits them.
  PREDICTIONS_WRITTEN(Moment.WRITTEN, "/predictions/_temporary/.*/part-00000", 0, Effect.KILL),
  BEFORE_COMMIT(Moment.BEFORE_RENAME, "/predictions/_temporary/.*_m_000001_", 0, Effect.KILL),
  AFTER_COMMIT(Moment.AFTER_RENAME, "/predictions/_temporary/.*_m_000000_", 0, Effect.KILL),
  BATCHES_COMMIT(Moment.BEFORE_RENAME, "/batches/_temporary/.*_m_000000_", 0, Effect.KILL),
  // The driver dies.
  LEASED(Moment.FOLDER_MADE, "/_staging/[^/]+$", 0, Effect.KILL),
  PREDICTIONS_COMMITTED(Moment.WRITTEN, "/predictions/_SUCCESS$", 0, Effect.KILL),
  BATCHES_COMMITTED(Moment.WRITTEN, "/batches/_SUCCESS$", 0, Effect.KILL),
  BEFORE_PUBLICATION(Moment.WRITTEN, "/metrics/_SUCCESS$", 0, Effect.KILL),
  AFTER_PUBLICATION(Moment.BEFORE_DELETE, "/_staging/[^/]+$", 0, Effect.KILL),
  // A deletion of rows from the nights of two dates dies; in a table, with its files written.
  FIRST_NIGHT_WRITTEN(
      Moment.WRITTEN, "/_staging/2026-11-01,[^/]+/night/_temporary/.*parquet$", 0, Effect.KILL),
  SECOND_NIGHT_STAGED(
      Moment.WRITTEN, "/_staging/2026-11-02,[^/]+/night/_manifest.json$", 0, Effect.KILL),
  SECOND_NIGHT_SET_ASIDE(Moment.AFTER_RENAME, "/predictions/date=2026-11-02$", 0, Effect.KILL),
  SECOND_NIGHT_PUBLISHED(Moment.AFTER_RENAME, "/_staging/2026-11-02,[^/]+/night$", 0, Effect.KILL),
  TABLE_FILE_WRITTEN(
      Moment.WRITTEN, "/predictions/(data/)?date=2026-11-02/.*parquet$", 0, Effect.KILL),
  // Something is slow, full or gone.
  SLOW(Moment.READING, "texts-3", 50, Effect.SLEEP),
  FULL_DISK(Moment.BEFORE_WRITE, "/predictions/_temporary/.*parquet$", 0, Effect.NO_SPACE),
  NO_CACHE(Moment.READING, "texts-", 50, Effect.EMPTY_CACHE);

  /** Setting of Hadoop: the faults that may happen, by name. */
  static final String NAMES = "faults.names";

  /** Setting of Hadoop: a directory in which each fault leaves an empty file, and happens once. */
  static final String MARKERS = "faults.markers";

  /** Setting of Hadoop: whether faults happen each time. */
  static final String ALWAYS = "faults.always";

  /** Setting of Hadoop: the directory that {@link #NO_CACHE} removes. */
  static final String CACHE = "faults.cache";

  private static final long SLEEP_SEC = 120;

  /** What a process does when a fault strikes. */
  enum Moment {
    READING,
    BEFORE_WRITE,
    WRITTEN,
    BEFORE_RENAME,
    AFTER_RENAME,
    FOLDER_MADE,
    BEFORE_DELETE
  }

  private enum Effect {
    KILL,
    SLEEP,
    NO_SPACE,
    EMPTY_CACHE
  }

  private final Moment moment;
  private final Pattern file;
  private final int percent;
  private final Effect effect;

  /**
   * A fault.
   *
   * @param file what is found in the path of the file
   * @param percent how much of it has been read at least
   */
  Fault(Moment moment, String file, int percent, Effect effect) {
    this.moment = moment;
    this.file = Pattern.compile(file);
    this.percent = percent;
    this.effect = effect;
  }

  /** Lets those of the faults that are set happen whose moment has come. */
  static void strike(Configuration settings, Moment moment, String path, int percent)
      throws IOException {
    for (String name : settings.getTrimmedStrings(NAMES)) {
      Fault fault = valueOf(name);
      if (fault.moment == moment && percent >= fault.percent && fault.file.matcher(path).find()) {
        fault.happen(settings);
      }
    }
  }

  /** The faults that have happened. */
  static List<Fault> happened(Path markers) {
    return Arrays.stream(values()).filter(fault -> Files.exists(fault.marker(markers))).toList();
  }

  /** The file that says that this has happened. */
  Path marker(Path markers) {
    return markers.resolve(name());
  }

  private void happen(Configuration settings) throws IOException {
    boolean first = mark(Path.of(settings.get(MARKERS)));
    if (first || settings.getBoolean(ALWAYS, false)) {
      switch (effect) {
        case KILL -> killThisProcess();
        case SLEEP -> sleep();
        case NO_SPACE -> throw new IOException("No space left on device");
        case EMPTY_CACHE -> delete(Path.of(settings.get(CACHE)));
      }
    }
  }

  private boolean mark(Path markers) throws IOException {
    try {
      Files.createFile(marker(markers));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** No Java code runs after it: as when the system kills a process for its memory. */
  private static void killThisProcess() throws IOException {
    new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
    sleep();
  }

  private static void sleep() throws IOException {
    try {
      TimeUnit.SECONDS.sleep(SLEEP_SEC);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("woken");
    }
  }

  /** Removes a directory and all in it. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
