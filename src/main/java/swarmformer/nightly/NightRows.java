package swarmformer.nightly;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import swarmformer.data.Columns;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Texts;
import swarmformer.scoring.TokenizedRow;
import swarmformer.store.Manifest;
import swarmformer.tokens.Tokenizer;

/** The columns of a night, and which of its rows were scored before. */
final class NightRows {
  /** Says which chunk a row is of; {@link #KNOWN} for one that was scored before. */
  static final String PART = "_part";

  static final int KNOWN = -1;

  /** Finest grain of chunks. */
  static final int PARTS = 64;

  /** Says that the id was scored with another text. */
  static final String CHANGED = "_changed";

  static final String HASH = "content_hash";

  /** 128 bits of SHA-256 in hexadecimal, as in the ids that are made from content. */
  private static final int HASH_LENGTH = 32;

  private static final String EARLIER = "_earlier";
  private static final String VERSION_ID = "_version_id";
  private static final String VERSION_HASH = "_version_hash";
  private static final String KNOWN_ID = "_known_id";

  private static final String SCORED_AT = "scored_at";
  private static final String UNKNOWN = "unknown";

  /** What is copied from an earlier night. Of several the greatest is taken: the latest. */
  private static final StructType COPIED_TYPE =
      PredictionColumns.addTo(new StructType().add(SCORED_AT, DataTypes.TimestampType), false)
          .add(UNKNOWN, DataTypes.IntegerType);

  /** What a plan has beside them. */
  private static final List<String> OF_PLAN =
      List.of(PART, CHANGED, EARLIER, KNOWN_ID, VERSION_ID, VERSION_HASH);

  /** What tells where a prediction comes from. */
  private static final List<String> ORIGIN =
      List.of("date", HASH, "model_sha256", "config_sha256", "dtype", "reused");

  private NightRows() {}

  /** Whether a night has a column of that name in any case. */
  static boolean isTaken(String name) {
    return Stream.of(List.of(COPIED_TYPE.fieldNames()), ORIGIN, OF_PLAN)
        .flatMap(List::stream)
        .anyMatch(name::equalsIgnoreCase);
  }

  /** The columns that predictions carry along. */
  static List<String> carried(Texts texts) {
    return List.of(texts.rows().columns()).subList(0, texts.carried());
  }

  /** Tonight's rows, with their id as text and {@value #HASH}. */
  static Dataset<Row> input(Texts texts) {
    return texts
        .rows()
        .withColumn("id", Columns.idText(texts.rows()))
        .withColumn(HASH, contentHash(texts))
        .drop(Texts.LABEL_KNOWN);
  }

  /**
   * Plans a night: what is carried along, {@value #HASH}, the content, its flag, what an earlier
   * night has of it, {@value #CHANGED} and {@value #PART}. The content of rows that are known is
   * left out.
   *
   * @param known rows that this model has scored, with ids of tonight
   */
  static Dataset<Row> plan(Dataset<Row> input, Optional<Dataset<Row>> known) {
    Dataset<Row> joined = known.map(rows -> join(input, rows)).orElseGet(() -> unknown(input));
    // A malformed record has lost its content, and an id that may be another's.
    Column earlier = when(not(col(Texts.MALFORMED)), col(EARLIER));
    return joined
        .withColumn(EARLIER, earlier)
        .withColumn(CHANGED, col(KNOWN_ID).isNotNull().and(col(EARLIER).isNull()))
        .withColumn(PART, when(col(EARLIER).isNotNull(), lit(KNOWN)).otherwise(part()))
        .withColumn(Texts.CONTENT, when(col(EARLIER).isNull(), col(Texts.CONTENT)))
        .drop(KNOWN_ID);
  }

  /** A function of the row alone, so that a row is of the same chunk whenever it is planned. */
  private static Column part() {
    return pmod(xxhash64(col("id"), col(HASH)), lit(PARTS)).cast("int");
  }

  private static Column contentHash(Texts texts) {
    Column text = col(Texts.CONTENT).cast("string");
    boolean ids = texts.rows().schema().apply(Texts.CONTENT).dataType() instanceof ArrayType;
    Column hash = substring(sha2(ids ? concat(lit("\0ids"), text) : text, 256), 1, HASH_LENGTH);
    return when(not(col(Texts.MALFORMED)), hash);
  }

  /**
   * Adds what is known of the id with this content, and the id if it is known with any. Both joins
   * find at most one row for each row, however often an id or a content occurs.
   */
  private static Dataset<Row> join(Dataset<Row> input, Dataset<Row> known) {
    Column[] copied =
        Stream.of(COPIED_TYPE.fieldNames()).map(name -> col(name)).toArray(Column[]::new);
    Dataset<Row> versions =
        known
            .groupBy(col("id").as(VERSION_ID), col(HASH).as(VERSION_HASH))
            .agg(max(struct(copied)).as(EARLIER));
    Dataset<Row> ids = known.select(col("id").as(KNOWN_ID)).distinct();
    Column sameContent =
        col("id").equalTo(col(VERSION_ID)).and(col(HASH).eqNullSafe(col(VERSION_HASH)));
    return input
        .join(versions, sameContent, "left")
        .join(ids, col("id").equalTo(col(KNOWN_ID)), "left")
        .drop(VERSION_ID, VERSION_HASH);
  }

  private static Dataset<Row> unknown(Dataset<Row> input) {
    return input
        .withColumn(EARLIER, lit(null).cast(COPIED_TYPE))
        .withColumn(KNOWN_ID, lit(null).cast(DataTypes.StringType));
  }

  /**
   * Picks the rows that a model has computed. What a device had no memory for is tried again, and
   * what was malformed may be a record since.
   *
   * @param store rows of any nights
   */
  static Dataset<Row> computedBy(Manifest.Model model, Dataset<Row> store) {
    return known(model, store.where(not(col("reused"))));
  }

  /**
   * Picks the copies of what a model has computed: those of the last night outlive the retention of
   * older ones.
   */
  static Dataset<Row> copiedFrom(Manifest.Model model, Dataset<Row> night) {
    return known(model, night.where(col("reused")));
  }

  private static Dataset<Row> known(Manifest.Model model, Dataset<Row> rows) {
    Column[] columns =
        Stream.concat(Stream.of("id", HASH), Stream.of(COPIED_TYPE.fieldNames()))
            .map(name -> col(name))
            .toArray(Column[]::new);
    return rows.where(origin(model))
        .where(not(col(PredictionColumns.ERROR).eqNullSafe(TokenizedRow.OUT_OF_MEMORY)))
        .where(not(col(PredictionColumns.ERROR).eqNullSafe(TokenizedRow.MALFORMED)))
        .select(columns);
  }

  private static Column origin(Manifest.Model model) {
    return col("model_sha256")
        .equalTo(model.sha256())
        .and(col("config_sha256").equalTo(model.configSha256()))
        .and(col("dtype").equalTo(model.dtype()));
  }

  /** The rows of a plan that are copied, as a night has them. */
  static Dataset<Row> reused(Dataset<Row> plan, List<String> carried, Manifest.Model model) {
    Dataset<Row> copies = plan.where(col(PART).equalTo(KNOWN));
    for (String name : COPIED_TYPE.fieldNames()) {
      copies = copies.withColumn(name, col(EARLIER).getField(name));
    }
    return finished(copies, carried, model, true);
  }

  /** Scored rows of the chunks, as a night has them. */
  static Dataset<Row> computed(Dataset<Row> scored, List<String> carried, Manifest.Model model) {
    return finished(scored, carried, model, false);
  }

  private static Dataset<Row> finished(
      Dataset<Row> rows, List<String> carried, Manifest.Model model, boolean reused) {
    List<Column> columns = new ArrayList<>();
    carried.forEach(name -> columns.add(Columns.quoted(name)));
    Stream.concat(Stream.of(PredictionColumns.SCORED.fieldNames()), Stream.of(UNKNOWN, HASH))
        .forEach(name -> columns.add(col(name)));
    columns.add(lit(model.sha256()).as("model_sha256"));
    columns.add(lit(model.configSha256()).as("config_sha256"));
    columns.add(lit(model.dtype()).as("dtype"));
    columns.add(lit(reused).as("reused"));
    columns.add(col(SCORED_AT));
    return rows.select(columns.toArray(Column[]::new));
  }

  /** The texts of some parts. */
  static Texts texts(Dataset<Row> plan, List<String> carried, List<Integer> parts) {
    List<Column> columns = new ArrayList<>();
    carried.forEach(name -> columns.add(Columns.quoted(name)));
    List.of(HASH, Texts.CONTENT, Texts.MALFORMED).forEach(name -> columns.add(col(name)));
    columns.add(lit(null).cast(DataTypes.BooleanType).as(Texts.LABEL_KNOWN));
    Dataset<Row> rows =
        plan.where(col(PART).isin(parts.toArray())).select(columns.toArray(Column[]::new));
    return new Texts("parts " + parts, rows);
  }

  /** Replaces the token ids of scored rows by the number of those that stand for unknown words. */
  static Dataset<Row> withUnknown(Dataset<Row> scored) {
    return scored
        .withColumn(
            UNKNOWN,
            when(
                col(PredictionColumns.PREDICTION).isNotNull(),
                size(filter(col(PredictionColumns.IDS), id -> id.equalTo(Tokenizer.UNKNOWN)))))
        .withColumn(SCORED_AT, lit(Timestamp.from(Instant.now())))
        .drop(PredictionColumns.IDS);
  }

  /** Counts a plan. */
  static PlanCounts countsOf(Dataset<Row> plan) {
    SortedMap<Integer, Long> partRows = new TreeMap<>();
    long changed = 0;
    for (Row part :
        plan.groupBy(PART)
            .agg(count(lit(1)), coalesce(sum(col(CHANGED).cast("long")), lit(0L)))
            .collectAsList()) {
      partRows.put(part.getInt(0), part.getLong(1));
      changed += part.getLong(2);
    }
    Row ids = plan.agg(count(col("id")).minus(count_distinct(col("id")))).head();
    long reused = Optional.ofNullable(partRows.remove(KNOWN)).orElse(0L);
    long computed = partRows.values().stream().mapToLong(Long::longValue).sum();
    return new PlanCounts(computed + reused, reused, changed, ids.getLong(0), partRows);
  }

  /**
   * What is planned.
   *
   * @param rows number of rows
   * @param reused rows that are copied
   * @param changed rows whose id was scored with another text
   * @param repeatedIds rows beyond the first of their id
   * @param partRows rows to score, by part
   */
  record PlanCounts(
      long rows, long reused, long changed, long repeatedIds, SortedMap<Integer, Long> partRows) {}
}
