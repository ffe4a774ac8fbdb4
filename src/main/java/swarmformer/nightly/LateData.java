package swarmformer.nightly;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.data.DateFilter;
import swarmformer.data.Failures;
import swarmformer.data.TextSource;
import swarmformer.data.Texts;
import swarmformer.errors.SwarmFormerException;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;

/** Tells whether the input of a night that was published holds other rows by now. */
record LateData(
    SparkSession spark,
    NightStore store,
    TextSource source,
    NightModel model,
    NightSettings night) {
  /** How many rows, and the sum of the hashes of their ids and texts. */
  private record Fingerprint(long rows, String hash) {
    static Fingerprint of(Dataset<Row> night) {
      Row figures =
          night
              .agg(
                  count(lit(1)),
                  coalesce(
                      sum(xxhash64(col("id"), col(NightRows.HASH)).cast("decimal(20,0)"))
                          .cast("string"),
                      lit("0")))
              .head();
      return new Fingerprint(figures.getLong(0), figures.getString(1));
    }
  }

  /**
   * What has changed, as a sentence; absent if nothing has. The rows are read only where the list
   * of files, their sizes or times are others, or where the input is not made of files. A deadline
   * that comes first leaves it open.
   */
  Optional<String> find(Manifest published, Deadline deadline) {
    try {
      Optional<DateFilter> filter =
          night.dateColumn().map(column -> new DateFilter(column, night.zone(), night.date()));
      Texts texts = Texts.read(spark, source, model.classNames(), filter);
      Manifest.Input input = Inputs.list(spark, texts, filter);
      return input.fileCount() > 0 && input.listing().equals(published.input().listing())
          ? Optional.empty()
          : differences(texts, published);
    } catch (Exception e) { // the night is in the store, whatever became of its input
      if (deadline.hasEnded(e)) {
        return Optional.empty();
      }
      RuntimeException explained = Failures.ofReading(source.name(), e);
      Exception failure = Failures.ofProgram(explained);
      if (failure instanceof SwarmFormerException) {
        return Optional.of(
            "whether the input has changed since is not known. " + failure.getMessage());
      }
      throw explained;
    }
  }

  private Optional<String> differences(Texts texts, Manifest published) {
    Fingerprint then = Fingerprint.of(store.rows(night.date(), night.date()).orElseThrow());
    Fingerprint now = Fingerprint.of(NightRows.input(texts));
    if (now.equals(then)) {
      return Optional.empty();
    }
    String what =
        now.rows() == then.rows()
            ? String.format(
                Locale.ROOT, "of its %,d rows some are others than in the store", now.rows())
            : String.format(
                Locale.ROOT,
                "it has %,d rows of this night, the store %,d",
                now.rows(),
                then.rows());
    long deleted = published.deletions().stream().mapToLong(Manifest.Deletion::rows).sum();
    String advice =
        deleted == 0
            ? "--overwrite scores the night again."
            : String.format(
                Locale.ROOT,
                "%,d rows were deleted from the store (--delete-ids): --overwrite scores the night again, and brings back those that the input still holds.",
                deleted);
    return Optional.of("the input has changed since: " + what + ". " + advice);
  }
}
