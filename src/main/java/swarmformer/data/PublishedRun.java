package swarmformer.data;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.errors.InputException;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;

/**
 * A run that was published whole.
 *
 * @param output the directory of all runs
 * @param id its id, by the name of its directory
 * @param record what says that it is complete
 */
public record PublishedRun(Path output, String id, RunRecord record) {
  /** The directory in a run that evaluations are written to. */
  public static final String EVALUATION = "evaluation";

  /**
   * Finds a run.
   *
   * @param runId its id; the one that was published last when absent
   * @throws InputException if there is no such run
   */
  public static PublishedRun find(SparkSession spark, String output, Optional<String> runId) {
    try {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      Path folder = new Path(output);
      FileSystem files = folder.getFileSystem(hadoop);
      Path run = RunDirectory.published(folder, runId.map(RunId::check).orElse("*"));
      FileStatus[] records = files.globStatus(new Path(run, RunRecord.FILE));
      Optional<Path> newest =
          Arrays.stream(records == null ? new FileStatus[0] : records)
              .max(Comparator.comparingLong(FileStatus::getModificationTime))
              .map(FileStatus::getPath);
      if (newest.isEmpty()) {
        throw new InputException(
            "Cannot read predictions from %s: it holds %s. Set --predictions to the --output of jobs/score.sh."
                .formatted(
                    output,
                    runId.map(id -> "no complete run '" + id + "'").orElse("no complete run")));
      }
      Path found = newest.get().getParent();
      return new PublishedRun(
          files.makeQualified(folder),
          found.getName().substring(RunDirectory.published(folder, "").getName().length()),
          RunRecord.read(files, found).orElseThrow());
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofReading(output, e);
    }
  }

  /** Whether an application has published a run of that id, as far as its record can be read. */
  public static boolean exists(
      SparkSession spark, String output, String runId, String application) {
    try {
      Path folder = new Path(output);
      FileSystem files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
      return RunRecord.read(files, RunDirectory.published(folder, runId))
          .filter(found -> found.application().equals(application))
          .isPresent();
    } catch (InputException e) { // it is refused, or overwritten, as one of somebody else
      return false;
    } catch (IOException e) {
      throw Failures.ofReading(output, e);
    }
  }

  /** Reads its predictions. */
  public Dataset<Row> predictions(SparkSession spark) {
    return read(spark, "predictions");
  }

  /** Reads what its batches took. */
  public Dataset<Row> batches(SparkSession spark) {
    return read(spark, "batches");
  }

  /** Reads its metrics. */
  public Dataset<Row> metrics(SparkSession spark) {
    return read(spark, "metrics");
  }

  private Dataset<Row> read(SparkSession spark, String dataset) {
    Path data = record.data() == null ? folder() : new Path(output, record.data());
    return spark.read().parquet(new Path(data, dataset).toString());
  }

  /** Its directory. */
  public Path folder() {
    return RunDirectory.published(output, id());
  }

  /**
   * Checks that runs in an output can get an evaluation.
   *
   * @throws OutputException if it is not a path, or its storage cannot tell which of two processes
   *     was first
   */
  public static void checkTakesEvaluations(Configuration hadoop, String output) {
    Publication.requireExclusive(hadoop, OutputPlace.of(output, hadoop), "an evaluation");
  }

  /** Writes the files of a directory that is added to a run. */
  public interface FolderWriter {
    /** Writes below the given directory, which does not exist yet. */
    void write(Path folder) throws IOException;
  }

  /**
   * Adds an evaluation to the run in place of an older one: whole or not at all, where a directory
   * can be renamed in one step, and file by file elsewhere.
   *
   * @return where it is
   * @throws LeaseHeldException if another process writes this run or an evaluation of it
   * @throws OutputException if it cannot be written, or the run was replaced meanwhile
   */
  public Path addEvaluation(Configuration hadoop, FolderWriter writer) {
    Path target = new Path(folder(), EVALUATION);
    try {
      return addEvaluation(hadoop, output.getFileSystem(hadoop), target, writer);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofWriting(folder().toString(), e);
    }
  }

  private Path addEvaluation(
      Configuration hadoop, FileSystem files, Path target, FolderWriter writer) throws IOException {
    try (Publication publication =
        Publication.begin(
            hadoop,
            output,
            Publication.Names.SHARED,
            id(),
            "run '" + id() + "'",
            Optional.of(target),
            name -> RunDirectory.removeUnpublished(files, output, name))) {
      requireUnchanged(files);
      if (Publication.isAtomic(files, output)) {
        Path staged = new Path(publication.folder(), EVALUATION);
        writer.write(staged);
        publication.publish(staged, true);
      } else {
        publication.check();
        files.delete(target, true);
        writer.write(target);
      }
      return target;
    }
  }

  private void requireUnchanged(FileSystem files) throws IOException {
    if (RunRecord.read(files, folder()).filter(record::equals).isEmpty()) {
      throw new OutputException(
          "Cannot add the evaluation to %s: the run was replaced while it was evaluated. Evaluate again."
              .formatted(folder()));
    }
  }

  /** Writes a file of a directory that is being added. */
  public static void writeFile(Configuration hadoop, Path file, byte[] content) throws IOException {
    try (OutputStream out = file.getFileSystem(hadoop).create(file)) {
      out.write(content);
    }
  }
}
