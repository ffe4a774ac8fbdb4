package swarmformer.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.data.Failures;
import swarmformer.data.Publication;
import swarmformer.errors.InputException;
import swarmformer.errors.OutputException;

/**
 * A store of plain Parquet: {@code STORE/predictions/date=D/*.parquet}. The directory of a night
 * also holds {@code _manifest.json}, {@code _metrics} and {@code _keys}, whose names Spark passes
 * over, so that one rename publishes all of it.
 */
public final class ParquetStore implements NightStore {
  private static final String PREFIX = "date=";
  private static final String KEYS = "_keys";
  private static final long ROWS_OF_A_FILE = 1_000_000;

  private final SparkSession spark;
  private final FileSystem files;
  private final Path root;

  /**
   * Opens the store in a directory, which need not exist.
   *
   * @throws InputException if nights cannot be published there in one step
   */
  public ParquetStore(SparkSession spark, String folder) {
    try {
      this.spark = spark;
      Path path = new Path(folder);
      this.files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      this.root = files.makeQualified(path);
    } catch (IOException | RuntimeException e) { // of a file system whose jar is not there
      throw Failures.ofWriting(folder, e);
    }
    Publication.requireAtomicRename(
        files.getConf(), root, "Set --store-format delta or iceberg, or a --store elsewhere.");
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public Publication begin(LocalDate date) {
    return Publication.begin(
        files.getConf(), root, date.toString(), "night " + date, Optional.of(folder(date)));
  }

  @Override
  public String place(LocalDate date) {
    return folder(date).toString();
  }

  private Path folder(LocalDate date) {
    return new Path(predictions(), PREFIX + date);
  }

  private Path predictions() {
    return new Path(root, "predictions");
  }

  @Override
  public List<LocalDate> dates() {
    try {
      return Arrays.stream(files.listStatus(predictions()))
          .flatMap(night -> dateOf(night.getPath().getName()))
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw Failures.ofReading(root.toString(), e);
    }
  }

  private static Stream<LocalDate> dateOf(String name) {
    try {
      return name.startsWith(PREFIX)
          ? Stream.of(LocalDate.parse(name.substring(PREFIX.length())))
          : Stream.of();
    } catch (DateTimeException e) {
      return Stream.of();
    }
  }

  @Override
  public Optional<Manifest> manifest(LocalDate date) {
    return new ManifestFile(files, folder(date)).read();
  }

  @Override
  public Optional<Dataset<Row>> rows() {
    return dates().isEmpty()
        ? Optional.empty()
        : Optional.of(spark.read().parquet(predictions().toString()));
  }

  /**
   * Only the directories of these nights are read, so that their columns are those of the first.
   */
  @Override
  public Optional<Dataset<Row>> rows(LocalDate from, LocalDate to) {
    String[] folders =
        dates().stream()
            .filter(date -> !date.isBefore(from) && !date.isAfter(to))
            .map(this::place)
            .toArray(String[]::new);
    return folders.length == 0
        ? NightStore.super.rows(from, to)
        : Optional.of(spark.read().option("basePath", predictions().toString()).parquet(folders));
  }

  /** Nights of this version have them in a file of their own. */
  @Override
  public Dataset<Row> keys(List<LocalDate> nights) {
    List<LocalDate> without = new ArrayList<>();
    List<String> with = new ArrayList<>();
    for (LocalDate date : nights) {
      Path keys = new Path(folder(date), KEYS);
      try {
        if (files.exists(keys)) {
          with.add(keys.toString());
        } else {
          without.add(date);
        }
      } catch (IOException e) {
        throw Failures.ofReading(keys.toString(), e);
      }
    }
    if (with.isEmpty()) {
      return NightStore.super.keys(without);
    }
    Dataset<Row> keys =
        spark
            .read()
            .option("basePath", predictions().toString())
            .parquet(with.toArray(String[]::new))
            .select(col(KEY), col("date").cast("string"));
    return without.isEmpty() ? keys : keys.union(NightStore.super.keys(without));
  }

  @Override
  public void publish(Publication publication, Night night, boolean replace) {
    Path staged = new Path(publication.folder(), "night");
    try {
      inFiles(night.rows(), night.manifest().counts()).write().parquet(staged.toString());
      spark
          .read()
          .parquet(staged.toString())
          .where(not(col("reused")))
          .select(NightStore.key().as(KEY))
          .coalesce(filesFor(night.manifest().counts().computed()))
          .write()
          .parquet(new Path(staged, KEYS).toString());
      write(night.batches(), staged, "batches");
      write(night.metrics(), staged, "metrics");
      Manifest manifest = night.manifest().withFiles(dataFiles(staged));
      checkNothingLost(manifest, spark.read().parquet(staged.toString()).count());
      new ManifestFile(files, staged).write(manifest);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofWriting(root.toString(), e);
    }
    publication.publish(staged, replace);
  }

  /** Copies lie in files of their own, so that who looks for what was computed passes them over. */
  private static Dataset<Row> inFiles(Dataset<Row> rows, Manifest.Counts counts) {
    Dataset<Row> computed = rows.where(not(col("reused")));
    Dataset<Row> reused = rows.where(col("reused"));
    return computed
        .coalesce(filesFor(counts.computed()))
        .union(reused.coalesce(filesFor(counts.reused())));
  }

  private static int filesFor(long rows) {
    return (int) (1 + rows / ROWS_OF_A_FILE);
  }

  private static void write(Dataset<Row> rows, Path staged, String name) {
    // A shuffle: without one a single task would read all rows of the night.
    rows.repartition(1).write().parquet(new Path(staged, "_metrics/" + name).toString());
  }

  private static void checkNothingLost(Manifest manifest, long written) {
    if (written != manifest.counts().rows()) {
      throw new OutputException(
          String.format(
              Locale.ROOT,
              "Cannot publish night %s: %,d rows were planned and %,d written. Run again.",
              manifest.date(),
              manifest.counts().rows(),
              written));
    }
  }

  @Override
  public void amend(Publication publication, Manifest manifest) {
    new ManifestFile(files, folder(LocalDate.parse(manifest.date())))
        .replace(publication, manifest);
  }

  private List<Manifest.DataFile> dataFiles(Path night) throws IOException {
    List<FileStatus> data =
        Arrays.stream(files.listStatus(night))
            .filter(file -> !file.getPath().getName().startsWith("_"))
            .filter(file -> !file.getPath().getName().startsWith("."))
            .toList();
    List<String> hashes = FileHash.of(spark, data);
    List<Manifest.DataFile> found = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      FileStatus file = data.get(i);
      found.add(new Manifest.DataFile(file.getPath().getName(), file.getLen(), hashes.get(i)));
    }
    return found;
  }

  @Override
  public List<String> differences(Manifest manifest) {
    LocalDate date = LocalDate.parse(manifest.date());
    List<String> differences = new ArrayList<>();
    try {
      Map<String, Manifest.DataFile> found = byName(dataFiles(folder(date)));
      byName(manifest.files())
          .forEach((name, file) -> compare(name, file, found.remove(name), differences));
      found.keySet().forEach(name -> differences.add(name + " is not in the manifest"));
    } catch (IOException e) {
      throw Failures.ofReading(place(date), e);
    }
    if (differences.isEmpty()) {
      Dataset<Row> night = spark.read().parquet(folder(date).toString());
      differences.addAll(manifest.digest().differences(night));
    }
    return differences;
  }

  private static Map<String, Manifest.DataFile> byName(List<Manifest.DataFile> files) {
    Map<String, Manifest.DataFile> byName = new TreeMap<>();
    files.forEach(file -> byName.put(file.name(), file));
    return byName;
  }

  private static void compare(
      String name, Manifest.DataFile expected, Manifest.DataFile found, List<String> differences) {
    if (found == null) {
      differences.add(name + " is missing");
    } else if (!found.equals(expected)) {
      differences.add(
          String.format(
              Locale.ROOT,
              "%s has %,d bytes with SHA-256 %.12s, not %,d with %.12s",
              name,
              found.bytes(),
              found.sha256(),
              expected.bytes(),
              expected.sha256()));
    }
  }
}
