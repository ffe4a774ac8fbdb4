package swarmformer.store;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the rows of a night are, whatever files they lie in and in whatever order.
 *
 * @param rows how many
 * @param hash the sum of the hashes of them all, in decimal digits
 */
public record Digest(long rows, String hash) {
  private static final String ROWS = "digest_rows";
  private static final String HASH = "digest_hash";

  /** Of no rows. */
  public static final Digest NONE = new Digest(0, "0");

  /** Its two figures, of rows that are aggregated. */
  public static List<Column> aggregates() {
    Column rowHash =
        xxhash64(
            col("id"),
            col("content_hash"),
            col("prediction"),
            col("logits"),
            col("error"),
            col("model_sha256"),
            col("dtype"),
            col("reused"));
    Column total = coalesce(sum(rowHash.cast("decimal(20,0)")).cast("string"), lit("0"));
    return List.of(count(lit(1)).as(ROWS), total.as(HASH));
  }

  /** Reads the figures of {@link #aggregates}. */
  public static Digest of(Map<String, ?> figures) {
    return new Digest((Long) figures.get(ROWS), (String) figures.get(HASH));
  }

  /** Reads all rows of a night. */
  public static Digest of(Dataset<Row> night) {
    Row row = night.agg(aggregates().get(0), aggregates().get(1)).head();
    return new Digest(row.getLong(0), row.getString(1));
  }

  /** That of the rows of both. */
  public Digest plus(Digest other) {
    return new Digest(
        rows + other.rows, new BigInteger(hash).add(new BigInteger(other.hash)).toString());
  }

  /** Tells how the rows of a night differ; empty if they do not. */
  List<String> differences(Dataset<Row> night) {
    Digest found = of(night);
    if (found.rows != rows) {
      return List.of(String.format(Locale.ROOT, "it has %,d rows, not %,d", found.rows, rows));
    }
    return found.equals(this) ? List.of() : List.of("its rows are not those that were published");
  }
}
