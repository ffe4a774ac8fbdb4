package swarmformer.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.io.File;
import java.io.IOException;
import java.sql.Date;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import swarmformer.data.Failures;
import swarmformer.data.OutputPlace;
import swarmformer.data.Publication;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;

/**
 * A store in a table of Delta Lake or Iceberg, partitioned by {@code date}. A night is one commit,
 * which replaces the rows of its date and carries its manifest; metrics are in the manifest alone.
 */
public final class TableStore implements NightStore {
  private static final String WAREHOUSE = "spark.sql.warehouse.dir";

  /** What every night has, and hardly another table. */
  private static final List<String> OF_NIGHTS =
      List.of("date", "content_hash", "model_sha256", "reused");

  /** For so long another night's commit is waited for, which writes its rows. */
  private static final Duration OTHERS_COMMIT = Duration.ofMinutes(30);

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final SparkSession spark;
  private final TableFormat format;
  private final String table;
  private final String place;
  private final Path root;
  private final boolean isShared;
  private Optional<List<LocalDate>> dates = Optional.empty();

  /**
   * Opens a store, which need not exist.
   *
   * @param store a directory, if there is a slash in it, else the name of a table
   * @throws OutputException if the directory holds a store of another format
   */
  public TableStore(SparkSession spark, TableFormat format, String store) {
    this.spark = spark;
    this.format = format;
    boolean named = !store.contains("/");
    // A table of a catalog has no directory that is ours.
    String folder = named ? spark.conf().get(WAREHOUSE) + "/_nightly/" + store : store;
    try {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      Path path = OutputPlace.of(folder, hadoop);
      FileSystem files = path.getFileSystem(hadoop);
      this.root = files.makeQualified(path);
      this.isShared =
          !named
              || new SparkConf().contains(WAREHOUSE)
              || !inWorkingDirectory().contains(root.getParent().getParent());
      this.table = named ? store : format.tableAt(spark, root.toString());
      this.place = named ? store : format.placeIn(root.toString(), table);
      if (!named && !format.exists(spark, table)) {
        OtherFormats.refuseTable(files, root, format.toString());
        OtherFormats.refusePlainNights(files, root, format.toString());
      }
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofWriting(store, e);
    }
  }

  /**
   * Spark's default, which differs from one working directory to the next; the second is what Spark
   * makes of a directory with a space in its name.
   */
  private static List<Path> inWorkingDirectory() throws IOException {
    File folder = new File("spark-warehouse").getCanonicalFile();
    return List.of(
        new Path("file", null, folder.getPath()),
        new Path("file", null, folder.toURI().getRawPath().replaceFirst("/$", "")));
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public Publication begin(LocalDate date) {
    if (!isShared) {
      throw new OutputException(
          "Cannot write table %s: lease and work of its nights would be in %s, where a start from another directory does not find them. Set -- --conf spark.sql.warehouse.dir=DIR to a directory that all starts and executors share."
              .formatted(table, root));
    }
    dates = Optional.empty(); // others may have written nights before
    return Publication.begin( // the format publishes; two processes must not share their work
        spark.sparkContext().hadoopConfiguration(),
        root,
        date.toString(),
        "night " + date,
        Optional.empty());
  }

  @Override
  public String place(LocalDate date) {
    return "%s, date = '%s'".formatted(place, date);
  }

  @Override
  public void checkNames(StructType columns) {
    checkNames("", columns);
  }

  /** What a format refuses in a column's name it refuses in those of fields, too. */
  private void checkNames(String path, DataType type) {
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        checkName(path + field.name(), field.name());
        checkNames(path + field.name() + ".", field.dataType());
      }
    } else if (type instanceof ArrayType array) {
      checkNames(path, array.elementType());
    } else if (type instanceof MapType map) {
      checkNames(path, map.keyType());
      checkNames(path, map.valueType());
    }
  }

  private void checkName(String path, String name) {
    if (name.chars().anyMatch(c -> format.notInNames().indexOf(c) >= 0)) {
      throw new OutputException(
          "Cannot keep column '%s': a table of %s has no columns with one of the characters '%s' in their names. Rename it, or leave it out of --keep."
              .formatted(
                  path, format, format.notInNames().replace("\n", "\\n").replace("\t", "\\t")));
    }
  }

  /** The table is asked once in the time of a night. */
  @Override
  public List<LocalDate> dates() {
    if (dates.isEmpty()) {
      dates = Optional.of(readDates());
    }
    return dates.get();
  }

  /** Asks for the files of this night alone, and afresh: others may have written it. */
  @Override
  public boolean holds(LocalDate date) {
    return rows(date, date).filter(rows -> !reading(rows::isEmpty)).isPresent()
        || manifest(date).filter(found -> found.counts().rows() == 0).isPresent();
  }

  private List<LocalDate> readDates() {
    return rows()
        .map(
            rows ->
                rows.select(col("date").cast("string"))
                    .where("date IS NOT NULL") // of somebody else
                    .distinct()
                    .as(Encoders.STRING()))
        .map(dates -> reading(dates::collectAsList))
        .orElse(List.of())
        .stream()
        .map(LocalDate::parse)
        .sorted()
        .toList();
  }

  @Override
  public Optional<Manifest> manifest(LocalDate date) {
    return exists() ? commits(date).stream().findFirst() : Optional.empty();
  }

  /** Asks the table once for the commits of all nights. */
  @Override
  public List<Manifest> manifests(List<LocalDate> wanted) {
    if (!exists()) {
      return List.of();
    }
    Set<String> dates = wanted.stream().map(LocalDate::toString).collect(Collectors.toSet());
    SortedMap<String, Manifest> lastOfNight = new TreeMap<>();
    for (Manifest manifest : commits("{\"date\":")) {
      lastOfNight.putIfAbsent(manifest.date(), manifest);
    }
    // Rows may have been deleted since; an empty night has none.
    lastOfNight.values().removeIf(m -> m.counts().rows() > 0 && !dates.contains(m.date()));
    // An empty night that was dropped leaves its manifest, too: before the first rows none counts.
    dates().stream().findFirst().ifPresent(first -> lastOfNight.headMap(first.toString()).clear());
    return List.copyOf(lastOfNight.values());
  }

  private List<Manifest> commits(LocalDate date) {
    return commits("{\"date\":\"" + date + "\"");
  }

  /** The manifests that begin so, the last first; others may note something else with theirs. */
  private List<Manifest> commits(String beginning) {
    return reading(
            () ->
                format
                    .history(spark, table)
                    .where(col(TableFormat.NOTES).startsWith(beginning))
                    .as(Encoders.STRING())
                    .collectAsList())
        .stream()
        .flatMap(note -> parsed(note).stream())
        .toList();
  }

  private static Optional<Manifest> parsed(String note) {
    try {
      return Optional.of(Manifest.parse(note)).filter(manifest -> manifest.counts() != null);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The rows of the table.
   *
   * @throws OutputException if this job has not written the table
   */
  @Override
  public Optional<Dataset<Row>> rows() {
    Optional<Dataset<Row>> rows =
        exists() ? Optional.of(reading(() -> spark.table(table))) : Optional.empty();
    rows.ifPresent(this::requireNights);
    return rows;
  }

  /** A table that somebody has made for a store may lack columns until the first night. */
  private void requireNights(Dataset<Row> rows) {
    List<String> columns = List.of(rows.columns());
    boolean hasDates =
        columns.contains("date") && rows.schema().apply("date").dataType() instanceof DateType;
    if (!hasDates || (!columns.containsAll(OF_NIGHTS) && !reading(rows::isEmpty))) {
      throw new OutputException(
          "Cannot use %s as a store: it is not a table that this job has written, which has the columns %s, with date of type DATE. Set --store to another."
              .formatted(table, String.join(", ", OF_NIGHTS)));
    }
  }

  private boolean exists() {
    return reading(() -> format.exists(spark, table));
  }

  private <T> T reading(Callable<T> question) {
    try {
      return question.call();
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofReadingTable(table, e);
    }
  }

  @Override
  public void publish(Publication publication, Night night, boolean replace) {
    Optional<Manifest> last = manifest(night.date());
    if (last.filter(m -> m.transaction() == night.manifest().transaction()).isPresent()) {
      return; // committed by a job that was killed before it could say so
    }
    dates = Optional.empty();
    Dataset<Row> rows = night.rows().withColumn("date", lit(Date.valueOf(night.date())));
    commit(
        publication,
        night.date(),
        () -> {
          if (!replace) {
            requireAbsent(night.date());
          }
          format.replace(rows, table, night.date(), Optional.of(night.manifest()));
        });
    requireCommitted(night);
  }

  private void requireAbsent(LocalDate date) {
    if (holds(date)) {
      throw new OutputException(
          "Cannot publish night %s: %s has it already. Another process was faster; run again."
              .formatted(date, table));
    }
  }

  /** Delta passes over a commit in silence if the table has a later transaction of the night. */
  private void requireCommitted(Night night) {
    long ours = night.manifest().transaction();
    if (commits(night.date()).stream().noneMatch(manifest -> manifest.transaction() == ours)) {
      throw new OutputException(
          "Cannot publish night %s: %s did not take transaction %s, because it has a later one of this night. Check the clock of this machine, remove %s/_work/date=%s, and run again."
              .formatted(night.date(), table, ours, root, night.date()));
    }
  }

  @Override
  public void amend(Publication publication, Manifest manifest) {
    commit(
        publication, LocalDate.parse(manifest.date()), () -> format.note(spark, table, manifest));
  }

  @Override
  public void rewrite(
      Publication publication, LocalDate date, Dataset<Row> rows, Optional<Manifest> manifest) {
    dates = Optional.empty();
    Dataset<Row> dated = rows.withColumn("date", lit(Date.valueOf(date)));
    commit(publication, date, () -> format.replace(dated, table, date, manifest));
  }

  @Override
  public void drop(Publication publication, LocalDate date) {
    if (!exists()) {
      return; // the night is under way alone
    }
    dates = Optional.empty();
    commit(
        publication,
        date,
        () -> spark.sql("DELETE FROM %s WHERE date = DATE'%s'".formatted(table, date)));
  }

  /** What changes the table. */
  private interface Change {
    void make() throws Exception; // Spark throws checked exceptions that Java does not see
  }

  /**
   * Changes the table while no other job of ours does. On S3 and local disks the formats' own
   * commits may take the same version twice, and lose one in silence.
   *
   * @param publication of the night; while this waits, another process may take it over
   */
  private void commit(Publication publication, LocalDate date, Change change) {
    try (Publication turn = turn(date)) {
      publication.check();
      turn.check();
      change.make();
    } catch (LeaseHeldException e) {
      throw e;
    } catch (Exception e) {
      throw translate(date, e);
    }
  }

  /** Waits for the commits of other jobs. */
  private Publication turn(LocalDate date) {
    long end = System.nanoTime() + OTHERS_COMMIT.toNanos();
    while (true) {
      try {
        return Publication.begin(
            spark.sparkContext().hadoopConfiguration(),
            root,
            "commit",
            "table " + place,
            Optional.empty());
      } catch (LeaseHeldException e) {
        if (System.nanoTime() > end) {
          throw new OutputException(
              "Cannot change night %s: other nights have been written to %s for %s minutes. Run again when they are done."
                  .formatted(date, table, OTHERS_COMMIT.toMinutes()),
              e);
        }
        LockSupport.parkNanos(LOOK_EVERY.toNanos());
      }
    }
  }

  /**
   * The formats refuse a commit that another one has overtaken, each with exceptions of its own:
   * Delta with {@link ConcurrentModificationException}s.
   */
  static boolean isOvertaken(Exception failure) {
    return Failures.chain(failure).stream()
        .anyMatch(
            cause ->
                cause instanceof ConcurrentModificationException
                    || cause.getClass().getSimpleName().equals("CommitFailedException")
                    || (isRefusalOfIceberg(cause) && !isOfPartitions(cause)));
  }

  private static boolean isRefusalOfIceberg(Throwable cause) {
    return cause.getClass().getSimpleName().equals("ValidationException");
  }

  /** Whether a file holds rows of several nights. */
  private static boolean isOfPartitions(Throwable refusal) {
    return refusal.getMessage().contains("some, but not all");
  }

  private RuntimeException translate(LocalDate date, Exception failure) {
    if (isOvertaken(failure)) {
      return new OutputException(
          "Cannot change night %s: another writer changed %s meanwhile. Run again."
              .formatted(date, table),
          failure);
    }
    return Failures.chain(failure).stream()
        .filter(TableStore::isRefusalOfIceberg)
        .findFirst()
        .<RuntimeException>map(
            refusal ->
                new OutputException(
                    "Cannot change night %s: %s refuses it (%s). Partition the table by date, with no file of several nights."
                        .formatted(date, table, refusal.getMessage()),
                    failure))
        .orElseGet(() -> Failures.ofCommit(table, failure));
  }

  @Override
  public List<String> differences(Manifest manifest) {
    LocalDate date = LocalDate.parse(manifest.date());
    return manifest.digest().differences(rows(date, date).orElseThrow());
  }
}
