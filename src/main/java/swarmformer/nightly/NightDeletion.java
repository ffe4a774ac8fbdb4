package swarmformer.nightly;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.data.Failures;
import swarmformer.data.Publication;
import swarmformer.errors.LeaseHeldException;
import swarmformer.metrics.RowCounts;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;

/**
 * Deletes nights from a store, or the rows of some ids. A night changes in one step; what a killed
 * process has not come to is done when it is started again.
 */
public final class NightDeletion {
  private static final String DELETED = "_deleted_id";

  private final SparkSession spark;
  private final NightStore store;
  private final String command;

  /**
   * Prepares for a store.
   *
   * @param command what was typed
   */
  public NightDeletion(SparkSession spark, NightStore store, String command) {
    this.spark = spark;
    this.store = store;
    this.command = command;
  }

  /**
   * The nights before a date, in order: those of the store, and those under way. What killed
   * processes have left is cleared away, so that a night that one had set aside is among them.
   */
  public List<LocalDate> before(LocalDate date) {
    Publication.recover(hadoop(), store.root());
    return Stream.concat(store.dates().stream(), underWay().stream())
        .filter(night -> night.isBefore(date))
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * Removes a night and what is done of it.
   *
   * @throws LeaseHeldException if another process writes it
   */
  public void drop(LocalDate date) {
    try (Publication publication = store.begin(date)) {
      store.drop(publication, date);
      work(date, publication).delete();
    } catch (IOException e) {
      throw Failures.ofWriting(store.root().toString(), e);
    }
  }

  /**
   * The nights, in order, that hold rows of some ids, and those under way, whose plans may. What
   * killed processes have left is cleared away: a night that one had set aside holds such rows, and
   * so does one that was replaced and not yet removed.
   *
   * @param ids one column of texts
   */
  public List<LocalDate> holding(Dataset<String> ids) {
    Publication.recover(hadoop(), store.root());
    TreeSet<LocalDate> nights = new TreeSet<>(underWay());
    store
        .rows()
        .ifPresent(
            rows ->
                rows.join(named(ids), col("id").equalTo(col(DELETED)), "left_semi")
                    .select(col("date").cast("string"))
                    .distinct()
                    .as(Encoders.STRING())
                    .collectAsList()
                    .forEach(date -> nights.add(LocalDate.parse(date))));
    return List.copyOf(nights);
  }

  /**
   * Deletes the rows of some ids from a night, and all that is done of it and not published.
   *
   * @return number of rows
   * @throws LeaseHeldException if another process writes it
   */
  public long delete(LocalDate date, Dataset<String> ids) {
    try (Publication publication = store.begin(date)) {
      work(date, publication).delete();
      Optional<Dataset<Row>> night =
          store.dates().contains(date) ? store.rows(date, date) : Optional.empty();
      if (night.isEmpty()) {
        return 0;
      }
      Dataset<Row> rows = night.get().drop("date");
      Dataset<Row> left = rows.join(named(ids), col("id").equalTo(col(DELETED)), "left_anti");
      long deleted = rows.count() - left.count();
      if (deleted > 0) {
        Optional<Manifest> manifest = store.readableManifest(date);
        store.rewrite(publication, date, left, manifest.map(it -> of(it, deleted, left)));
      }
      return deleted;
    } catch (IOException e) {
      throw Failures.ofWriting(store.root().toString(), e);
    }
  }

  private static Dataset<Row> named(Dataset<String> ids) {
    return ids.distinct().toDF(DELETED);
  }

  private Manifest of(Manifest manifest, long deleted, Dataset<Row> left) {
    Optional<Manifest.Estimate> before = Optional.ofNullable(manifest.estimate());
    double temperature = before.map(Manifest.Estimate::temperature).orElse(1.0);
    RowSums sums = RowSums.of(left, temperature);
    return manifest.without(
        new Manifest.Deletion(Instant.now().toString(), deleted, command),
        new Manifest.Contents(
            counts(manifest.counts(), left),
            sums.distribution(),
            sums.digest(),
            before.flatMap(found -> sums.confidence().estimate(temperature)).orElse(null)));
  }

  /** Which rows were changed ones is not known any more: the new ones go first. */
  private static Manifest.Counts counts(Manifest.Counts before, Dataset<Row> left) {
    RowCounts counts = RowCounts.ofPredictions(left);
    Row figures =
        left.agg(
                coalesce(sum(col("reused").cast("long")), lit(0L)),
                count(col("id")).minus(count_distinct(col("id"))))
            .head();
    long computed = counts.rows() - figures.getLong(0);
    long changed = Math.min(before.changed(), computed);
    return new Manifest.Counts(
        counts.rows(),
        figures.getLong(0),
        computed,
        computed - changed,
        changed,
        figures.getLong(1),
        before.undated(),
        counts.scored(),
        counts.truncated(),
        counts.tokens(),
        counts.errors(),
        counts.bySentiment());
  }

  /** A night has a lease before it has work: it may have read rows that it has not written yet. */
  private List<LocalDate> underWay() {
    try {
      Stream<LocalDate> leased =
          Publication.leased(hadoop(), store.root()).stream()
              .flatMap(name -> NightStore.dateOf(name).stream());
      return Stream.concat(Work.dates(hadoop(), store.root()).stream(), leased).toList();
    } catch (IOException e) {
      throw Failures.ofReading(store.root().toString(), e);
    }
  }

  private Work work(LocalDate date, Publication publication) throws IOException {
    return new Work(hadoop(), store.root(), date.toString(), publication);
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
