package swarmformer.data;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A run that was published whole.
 *
 * @param output the folder of all runs
 * @param id the run's id
 */
public record PublishedRun(Path output, String id) {
  /**
   * Finds a run.
   *
   * @param runId its id; the newest one when absent
   * @throws DataException if there is no such run
   */
  public static PublishedRun find(SparkSession spark, String output, Optional<String> runId) {
    try {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      Path folder = new Path(output);
      FileSystem files = folder.getFileSystem(hadoop);
      Path run = RunDirectory.published(folder, runId.map(RunId::check).orElse("*"));
      FileStatus[] complete = files.globStatus(new Path(run, "metrics/_SUCCESS"));
      if (complete == null || complete.length == 0) {
        throw new DataException(
            "Cannot read predictions from %s: it holds %s. Set --predictions to the --output of jobs/score.sh."
                .formatted(
                    output,
                    runId.map(id -> "no complete run '" + id + "'").orElse("no complete run")));
      }
      return new PublishedRun(files.makeQualified(folder), newest(spark, complete));
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw ReadErrors.translate(output, e);
    }
  }

  /** The id of the run that ended last, by the name of its folder. */
  private static String newest(SparkSession spark, FileStatus[] complete) {
    String[] metrics =
        Arrays.stream(complete)
            .map(mark -> mark.getPath().getParent().toString())
            .toArray(String[]::new);
    Row newest =
        spark
            .read()
            .parquet(metrics)
            .select(col("_metadata.file_path"), col("ended"))
            .orderBy(col("ended").desc())
            .head();
    Path run = new Path(newest.getString(0)).getParent().getParent();
    return run.getName().substring(RunDirectory.published(run, "").getName().length());
  }

  /** Reads one of its data sets. */
  public Dataset<Row> read(SparkSession spark, String dataset) {
    return spark.read().parquet(new Path(folder(), dataset).toString());
  }

  /** Its folder. */
  public Path folder() {
    return RunDirectory.published(output, id);
  }

  /** Writes the files of a folder that is added to a run. */
  public interface FolderWriter {
    /** Writes below the given folder, which does not exist yet. */
    void write(Path folder) throws IOException;
  }

  /**
   * Adds a folder to the run, whole or not at all, in place of an older one of that name.
   *
   * @return where it lies
   * @throws DataException if it cannot be written
   */
  public Path add(Configuration hadoop, String name, FolderWriter writer) {
    try {
      FileSystem files = output.getFileSystem(hadoop);
      Staging staging = new Staging(files, output);
      Path staged = new Path(Staging.of(output), Writer.ofThisProcess(id).folder());
      Path target = new Path(folder(), name);
      try {
        writer.write(new Path(staged, name));
        files.delete(target, true);
        if (!files.rename(new Path(staged, name), target)) {
          throw new IOException("cannot move " + staged + " to " + target);
        }
      } finally {
        staging.remove(staged, id);
      }
      return target;
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw WriteErrors.translate(folder().toString(), e);
    }
  }

  /** Writes a file of a folder that is being added. */
  public static void writeFile(Configuration hadoop, Path file, byte[] content) throws IOException {
    try (OutputStream out = file.getFileSystem(hadoop).create(file)) {
      out.write(content);
    }
  }
}
