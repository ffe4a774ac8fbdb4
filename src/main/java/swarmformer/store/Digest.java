package swarmformer.store;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.List;
import java.util.Locale;
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
  /** Reads all rows of a night. */
  public static Digest of(Dataset<Row> night) {
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
    Row row = night.agg(count(lit(1)), total).head();
    return new Digest(row.getLong(0), row.getString(1));
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
