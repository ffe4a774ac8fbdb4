package swarmformer.nightly;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import swarmformer.data.Folders;
import swarmformer.data.WriteErrors;
import swarmformer.store.Manifest;

/**
 * {@code STORE/_work/date=D}: what is done of a night that is not published. It holds {@code plan},
 * {@code chunk=K} for each chunk, complete when its {@code _SUCCESS} is there, and {@code
 * plan.json}, written after the plan.
 */
final class Work {
  private static final String PLAN = "plan.json";

  private final FileSystem files;
  private final Path folder;

  /**
   * What is decided before the first chunk.
   *
   * @param facts what the work depends on; other facts make it void
   * @param schema columns of the plan, as Spark writes them in JSON
   * @param carried columns that predictions carry along
   * @param input what was read
   * @param undated rows of the input that belong to no night
   * @param counts of the plan
   * @param chunks number of chunks
   * @param transaction numbers the publication: when it was planned, in milliseconds since 1970, or
   *     one more than that of the night it replaces
   */
  record Plan(
      Map<String, String> facts,
      String schema,
      List<String> carried,
      Manifest.Input input,
      long undated,
      NightRows.PlanCounts counts,
      int chunks,
      long transaction) {}

  Work(Configuration hadoop, Path root, String name) throws IOException {
    this.files = root.getFileSystem(hadoop);
    this.folder = new Path(new Path(root, "_work"), "date=" + name);
  }

  /** The plan that was made of these facts; absent, and all work gone, if there is none. */
  Optional<Plan> plan(Map<String, String> facts) throws IOException {
    Optional<Plan> plan = readPlan().filter(found -> found.facts().equals(facts));
    if (plan.isEmpty()) {
      files.delete(folder, true);
    }
    return plan;
  }

  private Optional<Plan> readPlan() throws IOException {
    try (InputStream in = files.open(new Path(folder, PLAN))) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(Manifest.read(json, Plan.class));
    } catch (FileNotFoundException | IllegalArgumentException e) {
      return Optional.empty(); // a kill may leave a part of it
    }
  }

  void writePlan(Plan plan) throws IOException {
    try (OutputStream out = files.create(new Path(folder, PLAN), true)) {
      out.write(Manifest.write(plan).getBytes(StandardCharsets.UTF_8));
    }
  }

  String planRows() {
    return new Path(folder, "plan").toString();
  }

  /** The rows of a plan. */
  Dataset<Row> planned(SparkSession spark, Plan plan) {
    return planned(spark, (StructType) DataType.fromJson(plan.schema()));
  }

  Dataset<Row> planned(SparkSession spark, StructType schema) {
    return spark.read().schema(schema).parquet(planRows());
  }

  String chunk(int chunk) {
    return new Path(folder, "chunk=" + chunk).toString();
  }

  boolean hasChunk(int chunk) throws IOException {
    return files.exists(new Path(chunk(chunk), "_SUCCESS"));
  }

  int chunksDone(int chunks) throws IOException {
    int done = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      done += hasChunk(chunk) ? 1 : 0;
    }
    return done;
  }

  /** Writes a data set; what a killed job has left of it is replaced. */
  void write(Dataset<Row> rows, String path, String... partitionColumns) {
    try {
      rows.write().mode("overwrite").partitionBy(partitionColumns).parquet(path);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw WriteErrors.translate(path, e);
    }
  }

  /** Removes it, and the folder of all work if no other night is in it. */
  void delete() throws IOException {
    files.delete(folder, true);
    try {
      Folders.removeEmpty(files, folder.getParent());
    } catch (IOException e) {
      // another night's work is in it
    }
  }
}
