package swarmformer.nightly;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.sketch.BloomFilter;

/**
 * Looks up the ids of a night in all earlier ones. Of these only the ids are read, where they are,
 * and tested against a Bloom filter of tonight's; all columns are read of the nights alone that
 * have some of them.
 */
final class History {
  /** One id of a thousand million is taken for one of tonight's. */
  private static final int BITS_OF_AN_ID = 43;

  /** 64 MiB; of more than 12 million ids the filter lets more pass. */
  private static final long MOST_BITS = 1L << 29;

  private History() {}

  /**
   * Finds the rows that have one of the ids, and maybe a few others.
   *
   * @param ids column {@code id} of tonight's rows, which is read twice
   * @param known rows of earlier nights
   * @return absent if no night has any
   */
  static Optional<Dataset<Row>> find(SparkSession spark, Dataset<Row> ids, Dataset<Row> known) {
    long rows = ids.count();
    if (rows == 0) {
      return Optional.empty();
    }
    Dataset<Row> candidates = known.where(mayBeOf(spark, ids, rows));
    List<String> dates =
        candidates
            .select(col("date").cast("string"))
            .distinct()
            .as(Encoders.STRING())
            .collectAsList();
    return dates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.where(col("date").cast("string").isin(dates.toArray())));
  }

  private static Column mayBeOf(SparkSession spark, Dataset<Row> ids, long rows) {
    long bits = Math.min(rows * BITS_OF_AN_ID, MOST_BITS);
    spark.conf().set("spark.sql.optimizer.runtime.bloomFilter.maxNumBits", MOST_BITS);
    spark.conf().set("spark.sql.optimizer.runtime.bloomFilter.maxNumItems", Long.MAX_VALUE);
    BloomFilter filter =
        ids.select(xxhash64(col("id")).as("key")).stat().bloomFilter("key", rows, bits);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      filter.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Bytes, because spark.serializer may not know the class.
    Broadcast<byte[]> sent =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(bytes.toByteArray());
    return udf(new MayContain(sent), DataTypes.BooleanType).apply(xxhash64(col("id")));
  }

  /** Asks the filter, of which each task makes its own. */
  private static final class MayContain implements UDF1<Long, Boolean> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<byte[]> bytes;
    private transient BloomFilter filter;

    MayContain(Broadcast<byte[]> bytes) {
      this.bytes = bytes;
    }

    @Override
    public Boolean call(Long key) throws IOException {
      if (filter == null) {
        filter = BloomFilter.readFrom(new ByteArrayInputStream(bytes.value()));
      }
      return filter.mightContainLong(key);
    }
  }
}
