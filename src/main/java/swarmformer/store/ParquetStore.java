package swarmformer.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.data.Failures;
import swarmformer.data.OutputPlace;
import swarmformer.data.Publication;
import swarmformer.errors.OutputException;

/**
 * A store of plain Parquet: {@code STORE/predictions/date=D/*.parquet}. The directory of a night
 * also holds {@code _manifest.json}, {@code _metrics} and {@code _keys}, whose names Spark passes
 * over, so that one rename publishes all of it.
 */
public final class ParquetStore implements NightStore {
  private static final String PREFIX = "date=";
  private static final String KEYS = "_keys";
  private static final String METRICS = "_metrics";
  private static final long ROWS_OF_A_FILE = 1_000_000;

  private final SparkSession spark;
  private final FileSystem files;
  private final Path root;

  /**
   * Opens the store in a directory, which need not exist.
   *
   * @throws OutputException if nights cannot be published there in one step, or it holds a table
   */
  public ParquetStore(SparkSession spark, String folder) {
    this.spark = spark;
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path path = OutputPlace.of(folder, hadoop);
    try {
      this.files = path.getFileSystem(hadoop);
      this.root = files.makeQualified(path);
    } catch (IOException e) {
      throw Failures.ofWriting(folder, e);
    }
    Publication.requireAtomicRename(
        files.getConf(), root, "Set --store-format delta or iceberg, or a --store elsewhere.");
    try {
      OtherFormats.refuseTable(files, root, "parquet");
    } catch (IOException e) {
      throw Failures.ofWriting(folder, e);
    }
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
          .map(night -> night.getPath().getName())
          .filter(name -> name.startsWith(PREFIX))
          .flatMap(name -> NightStore.dateOf(name.substring(PREFIX.length())).stream())
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw Failures.ofReading(root.toString(), e);
    }
  }

  @Override
  public Optional<Manifest> manifest(LocalDate date) {
    return new ManifestFile(files, folder(date)).read();
  }

  @Override
  public Optional<Dataset<Row>> rows() {
    return dates().isEmpty() ? Optional.empty() : Optional.of(rows(dates()));
  }

  /** Other directories, such as copies of nights, would turn the dates to text. */
  private Dataset<Row> rows(List<LocalDate> nights) {
    return spark
        .read()
        .option("basePath", predictions().toString())
        .parquet(nights.stream().map(this::place).toArray(String[]::new));
  }

  /**
   * Only the directories of these nights are read, so that their columns are those of the first.
   */
  @Override
  public Optional<Dataset<Row>> rows(LocalDate from, LocalDate to) {
    List<LocalDate> nights =
        dates().stream().filter(date -> !date.isBefore(from) && !date.isAfter(to)).toList();
    return nights.isEmpty() ? NightStore.super.rows(from, to) : Optional.of(rows(nights));
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
      Manifest.Counts counts = night.manifest().counts();
      stage(night.rows(), counts.computed(), counts.reused(), staged);
      write(night.batches(), staged, "batches");
      write(night.metrics(), staged, "metrics");
      Manifest manifest = night.manifest().withFiles(new DataFiles(spark, files, staged).list());
      checkNothingLost(manifest, spark.read().parquet(staged.toString()).count());
      new ManifestFile(files, staged).write(manifest);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofWriting(root.toString(), e);
    }
    publication.publish(staged, replace);
  }

  /** The figures of its batches stay, which tell nothing of single rows. */
  @Override
  public void rewrite(
      Publication publication, LocalDate date, Dataset<Row> rows, Optional<Manifest> manifest) {
    Path staged = new Path(publication.folder(), "night");
    Path metrics = new Path(folder(date), METRICS);
    try {
      long reused = rows.where(col("reused")).count();
      stage(rows, rows.count() - reused, reused, staged);
      if (files.exists(metrics)) {
        FileUtil.copy(files, metrics, files, new Path(staged, METRICS), false, files.getConf());
      }
      if (manifest.isPresent()) {
        Manifest found = manifest.get().withFiles(new DataFiles(spark, files, staged).list());
        checkNothingLost(found, spark.read().parquet(staged.toString()).count());
        new ManifestFile(files, staged).write(found);
      }
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofWriting(root.toString(), e);
    }
    publication.publish(staged, true);
  }

  @Override
  public void drop(Publication publication, LocalDate date) {
    publication.withdraw();
  }

  private void stage(Dataset<Row> rows, long computed, long reused, Path staged) {
    inFiles(rows, computed, reused).write().parquet(staged.toString());
    spark
        .read()
        .parquet(staged.toString())
        .where(not(col("reused")))
        .select(NightStore.key().as(KEY))
        .coalesce(filesFor(computed))
        .write()
        .parquet(new Path(staged, KEYS).toString());
  }

  /** Copies lie in files of their own, so that who looks for what was computed passes them over. */
  private static Dataset<Row> inFiles(Dataset<Row> rows, long computed, long reused) {
    Dataset<Row> scored = rows.where(not(col("reused")));
    Dataset<Row> copies = rows.where(col("reused"));
    return scored.coalesce(filesFor(computed)).union(copies.coalesce(filesFor(reused)));
  }

  private static int filesFor(long rows) {
    return (int) (1 + rows / ROWS_OF_A_FILE);
  }

  private static void write(Dataset<Row> rows, Path staged, String name) {
    // A shuffle: without one a single task would read all rows of the night.
    rows.repartition(1).write().parquet(new Path(staged, METRICS + "/" + name).toString());
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

  @Override
  public List<String> differences(Manifest manifest) {
    Path night = folder(LocalDate.parse(manifest.date()));
    List<String> differences = new DataFiles(spark, files, night).differences(manifest.files());
    return differences.isEmpty()
        ? manifest.digest().differences(spark.read().parquet(night.toString()))
        : differences;
  }
}
