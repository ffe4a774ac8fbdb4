package swarmformer.nightly;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.sketch.BloomFilter;
import swarmformer.store.NightStore;

/**
 * Looks up the ids of a night in all earlier ones. Of these only hashes of ids are read, where they
 * are, and tested against a Bloom filter of tonight's; all columns are read of the nights alone
 * that have some of them.
 */
final class EarlierNights {
  /** For a false-positive rate of 1e-9. */
  private static final int BITS_OF_AN_ID = 43;

  /** 64 MiB; of more than 12 million ids the filter lets more pass. */
  private static final long MOST_BITS = 1L << 29;

  private final SparkSession spark;
  private final NightStore store;
  private final Dataset<Row> keys;
  private final UserDefinedFunction mayBe;

  /**
   * Prepares for the rows of a night.
   *
   * @param tonight rows with a column {@code id}, which are read twice
   * @param rows their number, at least 1
   */
  EarlierNights(SparkSession spark, NightStore store, Dataset<Row> tonight, long rows) {
    this.spark = spark;
    this.store = store;
    // No row matches one without an id, and the hash of none is the same in all nights.
    this.keys = keys(tonight.where(col("id").isNotNull()));
    this.mayBe = udf(new MayContain(filter(keys(tonight), rows)), DataTypes.BooleanType);
  }

  /**
   * Finds the rows that have one of the ids, and maybe a few others.
   *
   * @param nights those to look at
   * @param known picks rows of them
   * @return absent if no night has any
   */
  Optional<Dataset<Row>> find(List<LocalDate> nights, UnaryOperator<Dataset<Row>> known) {
    if (nights.isEmpty()) {
      return Optional.empty();
    }
    Object[] dates =
        store
            .keys(nights)
            .where(mayBe.apply(col(NightStore.KEY)))
            .join(keys, new String[] {NightStore.KEY}, "left_semi") // the filter lets others pass
            .select("date")
            .distinct()
            .as(Encoders.STRING())
            .collectAsList()
            .stream()
            .map(Date::valueOf)
            .toArray();
    if (dates.length == 0) {
      return Optional.empty();
    }
    Dataset<Row> found = store.rows().orElseThrow().where(col("date").isin(dates));
    return Optional.of(narrow(known.apply(found)));
  }

  /** Leaves out rows of other ids, but for a few. */
  Dataset<Row> narrow(Dataset<Row> known) {
    return known.where(mayBe.apply(NightStore.key()));
  }

  private static Dataset<Row> keys(Dataset<Row> rows) {
    return rows.select(NightStore.key().as(NightStore.KEY));
  }

  /** Of all keys: of none Spark makes no filter. */
  private Broadcast<byte[]> filter(Dataset<Row> all, long rows) {
    long bits = Math.min(rows * BITS_OF_AN_ID, MOST_BITS);
    spark.conf().set("spark.sql.optimizer.runtime.bloomFilter.maxNumBits", MOST_BITS);
    spark.conf().set("spark.sql.optimizer.runtime.bloomFilter.maxNumItems", Long.MAX_VALUE);
    BloomFilter filter = all.stat().bloomFilter(NightStore.KEY, rows, bits);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      filter.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Bytes, because spark.serializer may not know the class.
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(bytes.toByteArray());
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
