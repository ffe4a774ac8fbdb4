package swarmformer.nightly;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import swarmformer.data.Failures;
import swarmformer.data.Folders;
import swarmformer.data.Publication;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;

/**
 * {@code STORE/_work/date=D}: what is done of a night that is not published. Each dataset is in a
 * directory that no other process writes; {@code plan.json} and {@code chunk=K.json}, written when
 * it is complete, name it.
 */
final class Work {
  private static final String WORK = "_work";
  private static final String PREFIX = "date=";
  private static final String PLAN = "plan.json";

  private final FileSystem files;
  private final Path folder;
  private final Publication publication;

  /**
   * What is decided before the first chunk.
   *
   * @param facts what the work depends on; other facts make it void
   * @param schema columns of the plan, as Spark writes them in JSON
   * @param carried columns that predictions carry along
   * @param input what was read
   * @param undated rows of the input that belong to no night
   * @param counts of the plan
   * @param temperature what logits are divided by for calibrated probabilities
   * @param transaction numbers the publication, unless the night is changed before it: when it was
   *     planned, in milliseconds since 1970, or one more than that of the night it replaces
   */
  record Plan(
      Map<String, String> facts,
      String schema,
      List<String> carried,
      Manifest.Input input,
      long undated,
      NightRows.PlanCounts counts,
      double temperature,
      long transaction) {}

  Work(Configuration hadoop, Path root, String name, Publication publication) throws IOException {
    this.publication = publication;
    this.files = root.getFileSystem(hadoop);
    this.folder = new Path(new Path(root, WORK), PREFIX + name);
  }

  /** The nights of which something is done that are not published. */
  static List<LocalDate> dates(Configuration hadoop, Path root) throws IOException {
    Path all = new Path(root, WORK);
    List<LocalDate> dates = new ArrayList<>();
    for (FileStatus night : all.getFileSystem(hadoop).globStatus(new Path(all, PREFIX + "*"))) {
      NightStore.dateOf(night.getPath().getName().substring(PREFIX.length())).ifPresent(dates::add);
    }
    return dates;
  }

  /** The plan that was made of these facts; absent, and all work gone, if there is none. */
  Optional<Plan> plan(Map<String, String> facts) throws IOException {
    Optional<Plan> plan = plan().filter(found -> found.facts().equals(facts));
    if (plan.isEmpty()) {
      publication.check();
      files.delete(folder, true);
    }
    return plan;
  }

  /** The plan that is there, whatever it was made of. */
  Optional<Plan> plan() throws IOException {
    try (InputStream in = files.open(new Path(folder, PLAN))) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(Manifest.read(json, Plan.class));
    } catch (FileNotFoundException | IllegalArgumentException e) {
      return Optional.empty(); // a kill may leave a part of it
    }
  }

  void writePlan(Plan plan) throws IOException {
    write(PLAN, Manifest.write(plan));
  }

  private void write(String file, String content) throws IOException {
    publication.check();
    try (OutputStream out = files.create(new Path(folder, file), true)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Where the rows of a plan are. */
  String planRows(long transaction) {
    return new Path(folder, "plan-" + transaction).toString();
  }

  /** The rows of a plan. */
  Dataset<Row> planned(SparkSession spark, Plan plan) {
    return planned(spark, (StructType) DataType.fromJson(plan.schema()), plan.transaction());
  }

  Dataset<Row> planned(SparkSession spark, StructType schema, long transaction) {
    return spark.read().schema(schema).parquet(planRows(transaction));
  }

  /** A directory for something of a chunk that begins. */
  String begin(String what) {
    return new Path(folder, String.format(Locale.ROOT, "%s-%d", what, System.nanoTime()))
        .toString();
  }

  /**
   * A chunk that is done.
   *
   * @param directory of its rows
   * @param batches directory of what its batches noted
   * @param attempts those at its tasks that count
   * @param parts parts of the plan that it is made of
   * @param rows number of its rows
   * @param sums over its rows
   */
  record Chunk(
      String directory,
      String batches,
      List<Long> attempts,
      List<Integer> parts,
      long rows,
      RowSums sums) {}

  /** Notes that a chunk is done. */
  void add(Chunk chunk) throws IOException {
    write("chunk=" + chunk.parts().get(0) + ".json", Manifest.write(chunk));
  }

  /** The chunks that are done. */
  List<Chunk> chunks() throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    for (FileStatus mark : files.globStatus(new Path(folder, "chunk=*.json"))) {
      try (InputStream in = files.open(mark.getPath())) {
        String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        chunks.add(Manifest.read(json, Chunk.class));
      } catch (IllegalArgumentException e) {
        // A kill may leave a part of it, over which the chunk is noted again.
      }
    }
    return chunks;
  }

  /** Whether a failure is that of a file of it which was cut short, as by a loss of power. */
  boolean isCut(Throwable failure) {
    String file = Pattern.quote(folder.toUri().getPath()) + "/\\S*";
    Predicate<String> read =
        Pattern.compile("(reading file|Checksum error:) \\S*" + file).asPredicate();
    Predicate<String> cut = Pattern.compile(file + " is not a Parquet file").asPredicate();
    List<Throwable> chain = Failures.chain(failure);
    List<String> messages = chain.stream().map(it -> String.valueOf(it.getMessage())).toList();
    return messages.stream().anyMatch(cut)
        || (messages.stream().anyMatch(read) && chain.stream().anyMatch(Work::tellsACut));
  }

  private static boolean tellsACut(Throwable cause) {
    return cause instanceof ChecksumException
        || (cause instanceof EOFException && !Failures.isOfConnection(cause));
  }

  /** Writes a dataset. */
  void write(Dataset<Row> rows, String path, String... partitionColumns) {
    try {
      rows.write().partitionBy(partitionColumns).parquet(path);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofWriting(path, e);
    }
  }

  /** Removes it, and the directory of all work if no other night is in it. */
  void delete() throws IOException {
    publication.check();
    files.delete(folder, true);
    Folders.removeIfEmpty(files, folder.getParent());
  }
}
