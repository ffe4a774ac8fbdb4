package swarmformer.data;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.errors.InputException;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;

/**
 * One run, {@code OUTPUT/run=ID}, which becomes visible whole or not at all.
 *
 * <p>Where a directory can be renamed in one step, the run is staged and then renamed to {@code
 * OUTPUT/run=ID}. On object stores its datasets are written to {@code OUTPUT/_runs/run=ID/TOKEN},
 * where they stay, and {@code OUTPUT/run=ID} holds nothing but the {@link RunRecord} that names
 * them. Either way the record is there when the run is complete, and only then.
 */
public final class RunDirectory implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
  private static final String STAGED_RUN = "run";
  private static final String DATA_WRITTEN_FIRST = "predictions";

  private final FileSystem files;
  private final Path output;
  private final String runId;
  private final boolean overwrite;
  private final boolean isAtomic;
  private final Publication publication;
  private boolean isPublished;

  private RunDirectory(
      Configuration hadoop, String output, String runId, boolean overwrite, Publication.Names names)
      throws IOException {
    Path root = new Path(output);
    this.files = root.getFileSystem(hadoop);
    this.output = files.makeQualified(root);
    this.runId = RunId.check(runId);
    this.overwrite = overwrite;
    this.isAtomic = Publication.isAtomic(files, this.output);
    this.publication =
        Publication.begin(
            hadoop,
            root,
            names,
            runId,
            "run '" + runId + "'",
            Optional.of(target()),
            id -> removeUnpublished(files, this.output, id));
  }

  /**
   * Begins a run of an id that others may use, after clearing away what runs that died have left.
   *
   * @param overwrite whether a run of this id may be replaced
   * @throws LeaseHeldException if another process writes the run
   * @throws OutputException if the run exists, or the output cannot be written
   */
  public static RunDirectory begin(
      Configuration hadoop, String output, String runId, boolean overwrite) {
    try {
      RunDirectory run =
          new RunDirectory(hadoop, output, runId, overwrite, Publication.Names.SHARED);
      run.refuseExisting();
      return run;
    } catch (IOException | IllegalArgumentException e) {
      throw Failures.ofWriting(output, e);
    }
  }

  /** Whether the storage of the output can tell which of two processes was first with an id. */
  public static boolean takesIds(Configuration hadoop, String output) {
    return Publication.isExclusive(hadoop, OutputPlace.of(output, hadoop));
  }

  /** Begins a run of an id that was made for it, on storage of any kind. */
  public static RunDirectory beginUnique(Configuration hadoop, String output, String runId) {
    try {
      return new RunDirectory(hadoop, output, runId, false, Publication.Names.UNIQUE);
    } catch (IOException | IllegalArgumentException e) {
      throw Failures.ofWriting(output, e);
    }
  }

  private void refuseExisting() throws IOException {
    if (!overwrite && files.exists(isAtomic ? target() : record())) {
      close();
      throw alreadyExists();
    }
  }

  /** Removes the datasets of a run that its record does not name; none if it cannot be read. */
  static void removeUnpublished(FileSystem files, Path output, String runId) throws IOException {
    if (Publication.isAtomic(files, output)) {
      return;
    }
    try {
      Optional<String> kept = RunRecord.read(files, published(output, runId)).map(RunRecord::token);
      for (FileStatus attempt : files.listStatus(published(runs(output), runId))) {
        if (!kept.filter(attempt.getPath().getName()::equals).isPresent()) {
          files.delete(attempt.getPath(), true);
        }
      }
    } catch (FileNotFoundException e) {
      // Nothing was written.
    } catch (InputException e) {
      LOG.warn("The data of run {} are left as they are: {}", runId, e.getMessage());
    }
  }

  private static Path runs(Path output) {
    return new Path(output, "_runs");
  }

  /** Where a run is published. */
  public static Path published(Path output, String runId) {
    return new Path(output, "run=" + runId);
  }

  /** Where a dataset of this run that is not published is written. */
  public String scratch(String dataset) {
    return new Path(publication.folder(), dataset).toString();
  }

  /** Where a dataset of this run is written before {@link #publish}. */
  public String dataset(String name) {
    return isAtomic ? new Path(staged(), name).toString() : publishedDataset(name);
  }

  /** Where a dataset of this run is after {@link #publish}. */
  public String publishedDataset(String name) {
    return new Path(isAtomic ? target() : attempt(), name).toString();
  }

  private Path attempt() {
    return new Path(published(runs(output), runId), publication.token());
  }

  private Path staged() {
    return new Path(publication.folder(), STAGED_RUN);
  }

  /**
   * Makes the run visible.
   *
   * @param application id of the Spark application
   * @throws LeaseHeldException if another process has taken the run over
   * @throws OutputException if another run of this id was published meanwhile
   */
  public void publish(String application) {
    String data = isAtomic ? null : output.toUri().relativize(attempt().toUri()).getPath();
    RunRecord record = new RunRecord(runId, application, publication.token(), data);
    try {
      if (isAtomic) {
        write(new Path(staged(), RunRecord.FILE), record);
        if (!overwrite && files.exists(target())) {
          throw alreadyExists();
        }
        publication.publish(staged(), overwrite);
        isPublished = true;
      } else {
        publishRecord(record);
      }
    } catch (IOException e) {
      throw Failures.ofWriting(output.toString(), e);
    }
  }

  /** One object is written in one step. */
  private void publishRecord(RunRecord record) throws IOException {
    publication.check();
    if (!files.exists(new Path(attempt(), DATA_WRITTEN_FIRST))) {
      // Who took over has ended, and a late beat has written our lease again.
      throw new LeaseHeldException(
          "Cannot publish run '%s': another process has taken over and removed its data. It has published nothing."
              .formatted(runId));
    }
    if (files.exists(record())) {
      if (!overwrite) {
        throw alreadyExists();
      }
      files.delete(new Path(target(), PublishedRun.EVALUATION), true); // of the one before
    }
    write(record(), record);
    isPublished = true;
    try {
      removeUnpublished(files, output, runId);
    } catch (IOException e) { // the next run of this id removes it
      LOG.warn("Cannot remove the data of the run before {}: {}", record(), e.toString());
    }
  }

  /** Whether a reader may see the data of this run, as far as the storage tells. */
  private boolean mayBeVisible() {
    try {
      return RunRecord.read(files, target())
          .filter(found -> found.token().equals(publication.token()))
          .isPresent();
    } catch (IOException | RuntimeException e) {
      return true;
    }
  }

  private void write(Path file, RunRecord record) throws IOException {
    try (OutputStream out = files.create(file, true)) {
      out.write(record.toJson());
    }
  }

  /** Removes what was staged; a run that was not published leaves nothing. */
  @Override
  public void close() {
    try (Publication ending = publication) {
      if (!isAtomic && !isPublished && !mayBeVisible()) {
        files.delete(attempt(), true);
        Folders.removeIfEmpty(files, attempt().getParent());
        Folders.removeIfEmpty(files, runs(output));
      }
    } catch (IOException e) {
      throw Failures.ofWriting(output.toString(), e);
    }
  }

  private Path target() {
    return published(output, runId);
  }

  private Path record() {
    return new Path(target(), RunRecord.FILE);
  }

  private OutputException alreadyExists() {
    return new OutputException(
        "Cannot write run '%s': %s exists. Set another --run-id, or --overwrite to replace it."
            .formatted(runId, target()));
  }
}
