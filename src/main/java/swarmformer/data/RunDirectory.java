package swarmformer.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of one run, {@code OUTPUT/run=<id>}, which becomes visible whole or not at all.
 *
 * <p>It is written under {@code OUTPUT/_staging/} and published by one rename that refuses an
 * existing target. On a file system without an atomic rename (object stores) it is written in
 * place, and its {@code metrics}, written last, mark a complete run.
 */
public final class RunDirectory implements Closeable {
  /** Where a rename of a folder is one step, seen by all or by none. */
  static final Set<String> ATOMIC_RENAME = Set.of("file", "hdfs", "viewfs", "webhdfs");

  private static final String STAGED_RUN = "run";
  private static final String NO_FOLDER = "";

  private final Configuration hadoop;
  private final FileSystem files;
  private final Path output;
  private final String runId;
  private final boolean overwrite;
  private final Path staging;
  private final Heartbeat heartbeat;

  private RunDirectory(Configuration hadoop, Path output, String runId, boolean overwrite)
      throws IOException {
    this.hadoop = hadoop;
    this.files = output.getFileSystem(hadoop);
    this.output = files.makeQualified(output);
    this.runId = runId;
    this.overwrite = overwrite;
    this.staging = new Path(Staging.of(this.output), Writer.ofThisProcess(runId).folder());
    this.heartbeat = new Heartbeat(files, staging);
  }

  /**
   * Claims the folder of a run, after clearing away what runs that died have left.
   *
   * @param overwrite whether a run of this id may be replaced
   * @throws DataException if the run exists, is being written, or the output cannot be written
   */
  public static synchronized RunDirectory claim(
      Configuration hadoop, String output, String runId, boolean overwrite) {
    try {
      RunDirectory run = new RunDirectory(hadoop, new Path(output), RunId.check(runId), overwrite);
      run.begin();
      return run;
    } catch (IOException | IllegalArgumentException e) {
      throw WriteErrors.translate(output, e);
    }
  }

  /** The published run. */
  public static Path published(Path output, String runId) {
    return new Path(output, "run=" + runId);
  }

  private void begin() throws IOException {
    Staging leftovers = new Staging(files, output);
    leftovers.sweep();
    leftovers.refuseIfBeingWritten(runId, NO_FOLDER);
    if (!overwrite && isPublished()) {
      throw alreadyExists(null);
    }
    leftovers.make(staging);
    refuseRival(leftovers);
    heartbeat.start();
  }

  /** Of two processes that begin at once, each sees the other's folder: at most one goes on. */
  private void refuseRival(Staging others) throws IOException {
    try {
      others.refuseIfBeingWritten(runId, staging.getName());
    } catch (DataException e) {
      others.remove(staging, runId);
      throw e;
    }
  }

  /** Where a data set of this run that is not published is written. */
  public String scratch(String dataset) {
    return new Path(staging, dataset).toString();
  }

  /** Where a data set of this run is written before {@link #publish}. */
  public String dataset(String name) {
    return new Path(isAtomic() ? new Path(staging, STAGED_RUN) : target(), name).toString();
  }

  /** Where a data set of this run lies after {@link #publish}. */
  public String publishedDataset(String name) {
    return new Path(target(), name).toString();
  }

  /**
   * Readies the place of the data sets. Called once, before the first is written.
   *
   * <p>Where there is no atomic rename, a run to overwrite is gone from here on.
   */
  public void open() {
    try {
      if (!isAtomic()) {
        files.delete(target(), true);
      }
    } catch (IOException e) {
      throw WriteErrors.translate(output.toString(), e);
    }
  }

  /**
   * Makes the run visible.
   *
   * @throws DataException if another run of this id was published meanwhile
   */
  public void publish() {
    try {
      if (isAtomic()) {
        if (overwrite && files.exists(target())) {
          rename(target(), new Path(staging, Staging.REPLACED));
        }
        rename(new Path(staging, STAGED_RUN), target());
      }
    } catch (FileAlreadyExistsException e) {
      throw alreadyExists(e);
    } catch (IOException e) {
      throw WriteErrors.translate(output.toString(), e);
    }
  }

  /** Removes what was staged; a run that was not published leaves nothing. */
  @Override
  public void close() {
    heartbeat.close();
    try {
      new Staging(files, output).remove(staging, runId);
    } catch (IOException e) {
      throw WriteErrors.translate(output.toString(), e);
    }
  }

  /** {@link FileContext#rename} is atomic and refuses; {@link FileSystem#rename} would nest. */
  private void rename(Path from, Path to) throws IOException {
    FileContext.getFileContext(from.toUri(), hadoop).rename(from, to);
  }

  private boolean isPublished() throws IOException {
    return files.exists(isAtomic() ? target() : new Path(target(), "metrics/_SUCCESS"));
  }

  private boolean isAtomic() {
    return ATOMIC_RENAME.contains(files.getUri().getScheme());
  }

  private Path target() {
    return published(output, runId);
  }

  private DataException alreadyExists(Throwable cause) {
    return new DataException(
        "Cannot write run '%s': %s exists. Set another --run-id, or --overwrite to replace it."
            .formatted(runId, target()),
        cause);
  }
}
