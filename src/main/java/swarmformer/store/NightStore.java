package swarmformer.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.xxhash64;

import java.sql.Date;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import swarmformer.data.Publication;
import swarmformer.errors.InputException;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;

/** Nights of predictions. */
public interface NightStore {
  /** Column of the hash of an id. */
  String KEY = "key";

  /** Directory of {@code _work} and {@code _staging}. */
  Path root();

  /**
   * Begins to write a night.
   *
   * @throws LeaseHeldException if another process writes it
   */
  Publication begin(LocalDate date);

  /** Where a person finds a night. */
  String place(LocalDate date);

  /** The nights that hold rows, and maybe empty ones, in order. */
  List<LocalDate> dates();

  /** The last night with rows, other than one. */
  default Optional<LocalDate> lastBeside(LocalDate night) {
    return dates().stream()
        .filter(date -> !date.equals(night))
        .sorted(Comparator.reverseOrder())
        .filter(date -> readableManifest(date).map(it -> it.counts().rows() > 0).orElse(true))
        .findFirst();
  }

  /**
   * What a night is made of; absent if there is no such night, or the table's history no longer has
   * its commit.
   */
  Optional<Manifest> manifest(LocalDate date);

  /**
   * What a night is made of, as far as that can be read: a damaged manifest must not keep anybody
   * from replacing or changing its night, nor from working with others.
   */
  default Optional<Manifest> readableManifest(LocalDate date) {
    try {
      return manifest(date);
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  /** Whether it has a night, be it without rows. */
  default boolean holds(LocalDate date) {
    return dates().contains(date)
        || manifest(date).filter(found -> found.counts().rows() == 0).isPresent();
  }

  /**
   * What is known of nights, in order, and of those without rows that only the store knows of, if
   * they are later than the first with rows; those that the table's history no longer has, or whose
   * manifest cannot be read, are left out.
   *
   * @param dates some of {@link #dates()}
   */
  default List<Manifest> manifests(List<LocalDate> dates) {
    return dates.stream().flatMap(date -> readableManifest(date).stream()).toList();
  }

  /**
   * Checks the names of kept columns and of the fields in them.
   *
   * @throws OutputException if the format of the store cannot have one
   */
  default void checkNames(StructType columns) {}

  /** The rows of all nights, with their {@code date}; absent before the first. */
  Optional<Dataset<Row>> rows();

  /**
   * Hashes of the ids of rows that were computed in some nights: columns {@value #KEY} (BIGINT) and
   * {@code date} (STRING). There are rows.
   */
  default Dataset<Row> keys(List<LocalDate> nights) {
    Object[] dates = nights.stream().map(Date::valueOf).toArray(); // Iceberg prunes by these alone
    return rows()
        .orElseThrow()
        .where(col("date").isin(dates).and(not(col("reused"))))
        .select(key().as(KEY), col("date").cast("string").as("date"));
  }

  /** The night that a name stands for; empty if it is that of something else in a directory. */
  static Optional<LocalDate> dateOf(String name) {
    try {
      return Optional.of(LocalDate.parse(name));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The hash of an id, of rows that have one. */
  static Column key() {
    return xxhash64(col("id"));
  }

  /**
   * Adds a night in one step, or replaces it.
   *
   * @param publication of this night, begun here
   * @param night its rows and what is known of them
   * @param replace whether a night that is there is replaced
   */
  void publish(Publication publication, Night night, boolean replace);

  /**
   * Puts a manifest in the place of that of a night, whose rows stay.
   *
   * @param publication of this night, begun here
   */
  void amend(Publication publication, Manifest manifest);

  /**
   * Puts rows in the place of those of a night, in one step.
   *
   * @param publication of this night, begun here
   * @param rows some of those that it holds
   * @param manifest what it is made of then; absent if the store has none of the night
   */
  void rewrite(
      Publication publication, LocalDate date, Dataset<Row> rows, Optional<Manifest> manifest);

  /**
   * Removes a night in one step.
   *
   * @param publication of this night, begun here
   */
  void drop(Publication publication, LocalDate date);

  /** Tells what differs from what the manifest of a night says; empty if nothing. */
  List<String> differences(Manifest manifest);

  /** The rows of some nights; absent before the first. */
  default Optional<Dataset<Row>> rows(LocalDate from, LocalDate to) {
    return rows()
        .map(all -> all.where(col("date").between(lit(Date.valueOf(from)), lit(Date.valueOf(to)))));
  }

  /**
   * A night that is ready.
   *
   * @param date its date
   * @param rows its rows
   * @param batches what its batches took
   * @param metrics one row of figures
   * @param manifest what it is made of
   */
  record Night(
      LocalDate date,
      Dataset<Row> rows,
      Dataset<Row> batches,
      Dataset<Row> metrics,
      Manifest manifest) {}
}
