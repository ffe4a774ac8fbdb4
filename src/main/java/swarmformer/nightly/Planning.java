package swarmformer.nightly;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import swarmformer.data.DateFilter;
import swarmformer.data.TextSource;
import swarmformer.data.Texts;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;

/**
 * Decides which rows of a night are known and which chunk each other row is of.
 *
 * @param last the last other night with rows
 * @param program what tells this version of the program from others
 * @param replaces whether the night is in the store
 */
record Planning(
    SparkSession spark,
    NightStore store,
    TextSource source,
    NightModel model,
    NightSettings night,
    Optional<LocalDate> last,
    String program,
    boolean replaces) {
  private static final String REPLACES = "replaces";

  /** The plan that was made of the same facts, or a new one. */
  Work.Plan plan(Work work) throws IOException {
    Optional<DateFilter> filter =
        night.dateColumn().map(column -> new DateFilter(column, night.zone(), night.date()));
    Texts read = Texts.read(spark, source, model.classNames(), filter);
    store.checkNames(new StructType(Arrays.copyOf(read.rows().schema().fields(), read.carried())));
    Texts fitted = KeptColumns.fitted(read, store.rows());
    Texts texts = KeptColumns.fitted(fitted, last.flatMap(date -> store.rows(date, date)));
    Manifest.Input input = Inputs.list(spark, texts, filter);
    Map<String, String> facts = facts(input);
    Optional<Work.Plan> found = work.plan(facts);
    return found.isPresent() ? found.get() : make(work, texts, input, facts, filter);
  }

  private Map<String, String> facts(Manifest.Input input) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("program", program);
    facts.put(
        "source_sha256", DigestUtils.sha256Hex(source.toString())); // options may hold secrets
    facts.put("input_sha256", input.listing());
    facts.put("date_column", night.dateColumn().orElse(""));
    facts.put("zone", night.zone().getId());
    facts.put("model_sha256", model.facts().sha256());
    facts.put("config_sha256", model.facts().configSha256());
    facts.put("dtype", model.facts().dtype());
    facts.put("temperature", String.valueOf(night.temperature()));
    facts.put(REPLACES, String.valueOf(replaces));
    return facts;
  }

  /** Whether a plan was made to replace a night that is in the store. */
  static boolean replaces(Work.Plan plan) {
    return Boolean.parseBoolean(plan.facts().get(REPLACES));
  }

  private Work.Plan make(
      Work work,
      Texts texts,
      Manifest.Input input,
      Map<String, String> facts,
      Optional<DateFilter> filter)
      throws IOException {
    long transaction = transaction();
    StructType schema = write(NightRows.input(texts), work, work.planRows(transaction));
    Work.Plan plan =
        new Work.Plan(
            facts,
            schema.json(),
            NightRows.carried(texts),
            input,
            filter.map(DateFilter::undated).orElse(0L),
            NightRows.countsOf(work.planned(spark, schema, transaction)),
            night.temperature(),
            transaction);
    work.writePlan(plan);
    return plan;
  }

  /** Where there are earlier nights, the input is read once and kept on the executors' disks. */
  private StructType write(Dataset<Row> input, Work work, String path) {
    if (last.isEmpty()) {
      return write(NightRows.plan(input, Optional.empty()), work, path, NightRows.PART);
    }
    Dataset<Row> kept = input.persist(StorageLevel.DISK_ONLY());
    try {
      return write(NightRows.plan(kept, known(kept)), work, path, NightRows.PART);
    } finally {
      kept.unpersist();
    }
  }

  /** Rows that this model has scored: all that were computed, and the copies of the last night. */
  private Optional<Dataset<Row>> known(Dataset<Row> tonight) {
    long rows = tonight.count();
    if (rows == 0) {
      return Optional.empty();
    }
    EarlierNights history = new EarlierNights(spark, store, tonight, rows);
    List<LocalDate> nights =
        store.dates().stream().filter(date -> !date.equals(night.date())).toList();
    Optional<Dataset<Row>> computed =
        history.find(nights, found -> NightRows.computedBy(model.facts(), found));
    Dataset<Row> copied =
        history.narrow(
            NightRows.copiedFrom(model.facts(), store.rows(last.get(), last.get()).orElseThrow()));
    return Optional.of(computed.map(copied::union).orElse(copied));
  }

  private static StructType write(Dataset<Row> rows, Work work, String path, String part) {
    work.write(rows.hint("rebalance", col(part)), path, part);
    return rows.schema();
  }

  private long transaction() {
    return store
        .readableManifest(night.date())
        .map(Manifest::later)
        .orElseGet(() -> System.currentTimeMillis());
  }
}
