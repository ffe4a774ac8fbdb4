package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.jobs.Nights.input;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.FileUtils;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import swarmformer.LocalSpark;
import swarmformer.data.Publication;
import swarmformer.errors.ErrorCode;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;
import swarmformer.store.TableFormat;
import swarmformer.store.TableStore;

/** Nights of Delta Lake and Iceberg. It opens a Spark of its own, with what the formats need. */
class TableStoreIT {
  @TempDir private Path folder;

  @BeforeEach
  @AfterEach
  void stopTheSparkOfOtherTests() {
    LocalSpark.session().stop();
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void growsNightByNight(TableFormat format) {
    Path store = folder.resolve("store");
    Path one = input(folder, "1.csv", "a,A wonderful film.", "b,Dreadful.", "c,");
    Path two = input(folder, "2.csv", "a,A wonderful film.", "b,Wonderful!", "e,Bad.");
    assertThat(night(format, store, "--input", one, "--date", "2026-11-01").err()).isEmpty();
    Ran second = night(format, store, "--input", two, "--date", "2026-11-02");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).contains("2 scored (1 new, 1 changed), 1 reused from earlier nights");
    assertThat(night(format, store, "--input", two, "--date", "2026-11-02").out())
        .contains("Night 2026-11-02 is in the store already: 3 rows");
    acknowledges(format, store, two);
    Ran replaced = night(format, store, "--input", one, "--date", "2026-11-02", "--overwrite");
    assertThat(replaced.err()).isEmpty();
    assertThat(replaced.out()).contains("3 reused from earlier nights");
    Path page = folder.resolve("trend.html");
    Ran trend = trend(format, store, page);
    assertThat(trend.err()).isEmpty();
    assertThat(trend.out()).contains("2 nights, 2026-11-01 to 2026-11-02, 6 rows in all");
    assertThat(page).content().contains("2026-11-02: 3 rows (0 new, 0 changed, 3 reused)");
    Ran verified = night(format, store, "--verify");
    assertThat(verified.err()).isEmpty();
    assertThat(verified.out())
        .contains("2026-11-01      as published", "2026-11-02      as published");
    assertHasNoNight(night(format, store, "--verify", "--date", "2030-01-01"));
    assertHasNoNight(night(format, folder.resolve("no"), "--verify", "--date", "2026-11-01"));
    assertThat(rows(format, store))
        .containsEntry("a", "positive | positive reused")
        .containsOnlyKeys("a", "b", "c");
    deletesRowsAndNights(format, store);
  }

  /** Delta makes the directory of its log first. */
  @Tag("long")
  @Test
  void createsATableThatAKilledNightHasBegun() throws IOException {
    Path store = folder.resolve("store");
    Files.createDirectories(store.resolve("predictions/_delta_log"));
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    Ran first = night(TableFormat.DELTA, store, "--input", input, "--date", "2026-11-01");
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(rows(TableFormat.DELTA, store)).containsOnlyKeys("a");
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void refusesAStoreOfAnotherFormat(TableFormat format) throws IOException {
    Path plain = folder.resolve("plain");
    Files.createDirectories(plain.resolve("predictions/date=2026-11-01"));
    Files.writeString(plain.resolve("predictions/date=2026-11-01/_manifest.json"), "{}");
    assertRefuses(format, plain, "one of plain Parquet", "parquet");
    TableFormat other = format == TableFormat.DELTA ? TableFormat.ICEBERG : TableFormat.DELTA;
    Path table = folder.resolve("table");
    String log = other == TableFormat.DELTA ? "_delta_log" : "metadata/v1.metadata.json";
    Files.createDirectories(table.resolve("predictions").resolve(log));
    String title = other == TableFormat.DELTA ? "Delta" : "Iceberg";
    assertRefuses(format, table, "a table of " + title, other.toString());
  }

  private static void assertRefuses(TableFormat format, Path store, String what, String remedy) {
    Ran refused = night(format, store, "--drop-before", "2026-11-02");
    assertThat(refused.code()).isEqualTo(ErrorCode.OUTPUT.exitCode());
    assertThat(refused.err())
        .containsExactly(
            "Cannot use file:%s as a store of %s: it is %s. Set --store-format %s, or another --store."
                .formatted(store, format, what, remedy));
  }

  /** What a night costs must not grow with the others. */
  @Tag("long")
  @Test
  void readsTheHistoryAsOftenHoweverManyNightsThereAre() throws Exception {
    TableFormat delta = TableFormat.DELTA;
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    List<Integer> ofVerification = new ArrayList<>();
    for (int day = 1; day <= 3; day++) {
      assertThat(night(delta, store, "--input", input, "--date", "2026-11-0" + day).code())
          .isZero();
      SparkContext context = Nights.session("delta").sparkContext();
      AtomicInteger histories = new AtomicInteger();
      SparkListener counting =
          new SparkListener() {
            @Override
            public void onOtherEvent(SparkListenerEvent event) {
              if (event instanceof SparkListenerSQLExecutionStart start
                  && start.physicalPlanDescription().contains("DescribeDeltaHistory")) {
                histories.incrementAndGet();
              }
            }
          };
      context.addSparkListener(counting);
      assertThat(night(delta, store, "--verify").out())
          .contains("2026-11-0" + day + "      as published");
      context.listenerBus().waitUntilEmpty();
      context.removeSparkListener(counting);
      ofVerification.add(histories.get());
    }
    assertThat(ofVerification).doesNotContain(0);
    assertThat(new HashSet<>(ofVerification)).hasSize(1);
  }

  /** Files of other nights need not be there. */
  @Tag("long")
  @Test
  void asksForOneNightAlone() throws Exception {
    TableFormat delta = TableFormat.DELTA;
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    assertThat(night(delta, store, "--input", input, "--date", "2026-11-01").code()).isZero();
    assertThat(night(delta, store, "--input", input, "--date", "2026-11-02").code()).isZero();
    FileUtils.cleanDirectory(store.resolve("predictions/date=2026-11-02").toFile());
    TableStore left = new TableStore(Nights.session("delta"), delta, store.toString());
    assertThat(left.holds(LocalDate.of(2026, 11, 1))).isTrue();
  }

  /** Delta passes over a transaction whose number is below that of the last one. */
  @Tag("long")
  @Test
  void publishesANightThatWasAcknowledgedAfterItsPlan() {
    TableFormat delta = TableFormat.DELTA;
    Path store = folder.resolve("store");
    Path one = input(folder, "1.csv", "a,A wonderful film.");
    Path two = input(folder, "2.csv", "b,Dreadful.");
    Object[] gated = {"--input", one, "--date", "2026-11-01", "--min-rows", "4"};
    assertThat(night(delta, store, gated).code()).isEqualTo(ExitCode.GATE);
    Object[] again = {"--input", two, "--date", "2026-11-01", "--overwrite"};
    appendOnly(store, true); // so that it is scored and cannot be published
    assertThat(night(delta, store, again).code()).isNotZero();
    assertThat(store.resolve("_work/date=2026-11-01/plan.json")).exists();
    appendOnly(store, false);
    assertThat(night(delta, store, "--acknowledge", "--date", "2026-11-01").code()).isZero();
    assertThat(night(delta, store, again).code()).isZero();
    assertThat(rows(delta, store)).containsOnlyKeys("b");
    assertThat(night(delta, store, "--verify").out()).contains("2026-11-01      as published");
  }

  private static void appendOnly(Path store, boolean only) {
    Nights.session("delta")
        .sql(
            "ALTER TABLE delta.`%s/predictions` SET TBLPROPERTIES ('delta.appendOnly' = '%s')"
                .formatted(store, only));
  }

  /** As of a machine whose clock was ahead, after the table has forgotten its commit. */
  @Tag("long")
  @Test
  void failsWhereDeltaPassesOverANight() {
    TableFormat delta = TableFormat.DELTA;
    Path store = folder.resolve("store");
    Path one = input(folder, "1.csv", "a,A wonderful film.");
    assertThat(night(delta, store, "--input", one, "--date", "2026-11-01").code()).isZero();
    SparkSession spark = Nights.session("delta");
    spark
        .table("delta.`" + store + "/predictions`")
        .limit(0)
        .write()
        .format("delta")
        .mode("append")
        .option("txnAppId", "swarmformer date=2026-11-02")
        .option("txnVersion", Long.MAX_VALUE)
        .save(store + "/predictions");
    Ran passedOver = night(delta, store, "--input", one, "--date", "2026-11-02");
    assertThat(passedOver.code()).isEqualTo(ErrorCode.OUTPUT.exitCode());
    assertThat(passedOver.err())
        .singleElement()
        .asString()
        .startsWith("Cannot publish night 2026-11-02: delta.`")
        .contains("because it has a later one of this night. Check the clock of this machine");
    assertThat(rows(delta, store)).containsEntry("a", "positive");
  }

  /** Spark's default is in the working directory, which is another one for each start. */
  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void refusesANamedTableWhoseLeasesOthersCannotSee(TableFormat format) {
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    Ran refused = night(format, Path.of("nights"), "--input", input, "--date", "2026-11-01");
    assertThat(refused.code()).isEqualTo(ErrorCode.OUTPUT.exitCode());
    assertThat(refused.err())
        .singleElement()
        .asString()
        .startsWith("Cannot write table nights: lease and work of its nights would be in file:")
        .endsWith(
            "Set -- --conf spark.sql.warehouse.dir=DIR to a directory that all starts and executors share.");
    assertThat(Path.of("spark-warehouse/_nightly")).doesNotExist();
  }

  @Tag("long")
  @Test
  void refusesATableThatHoldsNoNights() {
    openWarehouse();
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    String refusal = "Cannot use others as a store: it is not a table that this job has written";
    for (String columns : List.of("1 a", "DATE'2026-11-01' date", "now() date")) {
      String others = "CREATE TABLE others USING delta LOCATION '%s' AS SELECT %s";
      String place = folder.resolve(columns).toString().replace("'", "");
      openWarehouse().sql(others.formatted(place, columns));
      assertFails(night("others", "--input", input, "--date", "2026-11-01"), refusal);
    }
    openWarehouse()
        .sql(
            "CREATE TABLE plain USING parquet AS SELECT DATE'2026-11-01' date, '' content_hash, '' model_sha256, true reused");
    assertFails(
        night("plain", "--input", input, "--date", "2026-11-02"), "Cannot read table plain: [");
  }

  @Tag("long")
  @Test
  void tellsWhatATableRefusesAtTheCommit() {
    openWarehouse();
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    Object[] one = {"--input", input, "--date", "2026-11-01"};
    assertFails(night("shop.nights", one), "Cannot write to table shop.nights: [SCHEMA_NOT_FOUND]");
    openWarehouse().sql("CREATE TABLE flat (date DATE) USING delta");
    assertFails(night("flat", one), "Cannot write to table flat: [");
  }

  @Tag("long")
  @Test
  void refusesNamesOfFieldsBeforeItScores() throws IOException {
    Path input = folder.resolve("a.jsonl");
    Files.writeString(input, "{\"text\": \"Good.\", \"by\": {\"who\": [{\"full name\": \"x\"}]}}");
    Path store = folder.resolve("store");
    Ran refused =
        night(TableFormat.DELTA, store, "--input", input, "--keep", "by", "--date", "2026-11-01");
    assertFails(refused, "Cannot keep column 'by.who.full name': a table of delta has no columns");
  }

  private static void assertFails(Ran ran, String beginning) {
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ErrorCode.OUTPUT.exitCode());
    assertThat(ran.err()).last().asString().startsWith(beginning);
  }

  private SparkSession openWarehouse() {
    return LocalSpark.builder()
        .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
        .config(new HashMap<>(TableFormat.DELTA.settings()))
        .getOrCreate();
  }

  private static Ran night(String table, Object... arguments) {
    return night(TableFormat.DELTA, Path.of(table), arguments);
  }

  @Tag("long")
  @Test
  void publishesToANamedTableWithItsWorkInTheWarehouse() {
    TableFormat delta = TableFormat.DELTA;
    openWarehouse();
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    Ran first = night(delta, Path.of("nights"), "--input", input, "--date", "2026-11-01");
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(folder.resolve("warehouse/_nightly/nights")).exists();
  }

  /** As if a process without this lease had published it since. */
  @ParameterizedTest
  @EnumSource
  void leavesANightAsItIsThatIsThereWhenItIsToBePublished(TableFormat format) {
    Path place = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    assertThat(night(format, place, "--input", input, "--date", "2026-11-01").code()).isZero();
    TableStore store = new TableStore(Nights.session(format.toString()), format, place.toString());
    LocalDate date = LocalDate.of(2026, 11, 1);
    Manifest first = store.manifest(date).orElseThrow();
    Manifest second = first.withAcknowledgement(null);
    Dataset<Row> none = store.rows(date, date).orElseThrow().drop("date").limit(0);
    NightStore.Night night = new NightStore.Night(date, none, none, none, second);
    try (Publication publication = store.begin(date)) {
      assertThatThrownBy(() -> store.publish(publication, night, false))
          .isInstanceOf(OutputException.class)
          .hasMessageMatching(
              "Cannot publish night 2026-11-01: .* has it already\\. Another process was faster; run again\\.");
      store.publish(publication, new NightStore.Night(date, none, none, none, first), false);
    }
    assertThat(rows(format, place)).containsOnlyKeys("a");
  }

  @Test
  void followsATableOfIcebergThatIsRolledBack() throws Exception {
    TableFormat iceberg = TableFormat.ICEBERG;
    Path store = folder.resolve("store");
    Path one = input(folder, "1.csv", "a,A wonderful film.");
    Path two = input(folder, "2.csv", "a,A wonderful film.", "b,Dreadful.");
    assertThat(night(iceberg, store, "--input", one, "--date", "2026-11-01").code()).isZero();
    SparkSession spark = Nights.session("iceberg");
    Nights.all(spark, "iceberg", store);
    Table table = Spark3Util.loadIcebergTable(spark, "nights.predictions");
    assertThat(table.properties())
        .containsEntry("write.metadata.delete-after-commit.enabled", "true");
    assertThat(store.resolve("predictions/metadata/v1.gz.metadata.json")).exists();
    long first = table.currentSnapshot().snapshotId();
    Object[] again = {"--input", two, "--date", "2026-11-01", "--overwrite"};
    assertThat(night(iceberg, store, again).code()).isZero();
    table.refresh();
    final long second = table.currentSnapshot().snapshotId();
    table.manageSnapshots().rollbackTo(first).commit();
    Ran verified = night(iceberg, store, "--verify");
    assertThat(verified.err()).isEmpty();
    assertThat(verified.out()).contains("2026-11-01      as published");
    assertThat(night(iceberg, store, "--input", two, "--date", "2026-11-02").code()).isZero();
    table.refresh();
    table.expireSnapshots().expireSnapshotId(second).commit();
    assertThat(night(iceberg, store, "--verify").out())
        .contains("2026-11-01      as published", "2026-11-02      as published");
  }

  @Test
  @Tag("long")
  void tellsThatATableOfIcebergIsNotPartitionedByDate() throws Exception {
    TableFormat iceberg = TableFormat.ICEBERG;
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    assertThat(night(iceberg, store, "--input", input, "--date", "2026-11-01").code()).isZero();
    assertThat(night(iceberg, store, "--input", input, "--date", "2026-11-02").code()).isZero();
    SparkSession spark = Nights.session("iceberg");
    Dataset<Row> both = Nights.all(spark, "iceberg", store).coalesce(1);
    Spark3Util.loadIcebergTable(spark, "nights.predictions")
        .updateSpec()
        .removeField("date")
        .addField(Expressions.month("date"))
        .commit();
    both.writeTo("nights.predictions").append();
    Ran refused = night(iceberg, store, "--input", input, "--date", "2026-11-02", "--overwrite");
    assertThat(refused.code()).isEqualTo(ErrorCode.OUTPUT.exitCode());
    assertThat(refused.err())
        .singleElement()
        .asString()
        .startsWith("Cannot change night 2026-11-02: swarmformer_nights.predictions refuses it (")
        .endsWith("). Partition the table by date, with no file of several nights.");
  }

  /** While it waits for another job's commit, its machine stops for minutes. */
  @Tag("long")
  @Test
  void changesNothingAfterAnotherProcessTookTheNightOver() throws Exception {
    TableFormat delta = TableFormat.DELTA;
    Path place = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    assertThat(night(delta, place, "--input", input, "--date", "2026-11-01").code()).isZero();
    SparkSession spark = Nights.session(delta.toString());
    TableStore store = new TableStore(spark, delta, place.toString());
    LocalDate date = LocalDate.of(2026, 11, 1);
    CompletableFuture<Void> dropped;
    try (Publication publication = store.begin(date)) {
      try (Publication turn =
          Publication.begin(
              spark.sparkContext().hadoopConfiguration(),
              store.root(),
              "commit",
              "another night",
              Optional.empty())) {
        turn.check();
        dropped = CompletableFuture.runAsync(() -> store.drop(publication, date));
        Path staging = place.resolve("_staging");
        Files.copy(staging.resolve("2026-11-01,1.lease"), staging.resolve("2026-11-01,2.lease"));
      }
      assertThatThrownBy(dropped::get).hasCauseInstanceOf(LeaseHeldException.class);
    }
    assertThat(rows(delta, place)).containsOnlyKeys("a");
  }

  /** Its manifest is in the history of the table for ever. */
  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void anEmptyNightIsDroppedWithThoseBeforeIt(TableFormat format) {
    Path store = folder.resolve("store");
    Path rows = input(folder, "1.csv", "a,A wonderful film.");
    Path none = input(folder, "2.csv");
    assertThat(night(format, store, "--input", rows, "--date", "2026-11-01").code()).isZero();
    assertThat(night(format, store, "--input", none, "--date", "2026-11-02").code())
        .isEqualTo(ExitCode.GATE);
    assertThat(night(format, store, "--input", rows, "--date", "2026-11-03").code()).isZero();
    Path page = folder.resolve("trend.html");
    assertThat(trend(format, store, page).out()).contains("3 nights, 2026-11-01 to 2026-11-03");
    assertThat(night(format, store, "--drop-before", "2026-11-03").code()).isZero();
    assertThat(trend(format, store, page).out()).contains("1 night, 2026-11-03, 1 rows");
  }

  private static void assertHasNoNight(Ran verified) {
    assertThat(verified.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(verified.out()).contains("the store has no such night");
    assertThat(verified.err())
        .singleElement()
        .asString()
        .contains("1 of 1 nights differ from what was published");
  }

  private void deletesRowsAndNights(TableFormat format, Path store) {
    Path ids = write("a", "nobody");
    for (int rows = 2; rows >= 0; rows -= 2) { // the second time there is nothing to do
      Ran deleted = night(format, store, "--delete-ids", ids);
      assertThat(deleted.err()).isEmpty();
      assertThat(deleted.out()).contains("Rows deleted in all: " + rows + ".");
    }
    assertThat(rows(format, store)).containsOnlyKeys("b", "c");
    assertThat(night(format, store, "--verify").out())
        .contains("2026-11-01      as published", "2026-11-02      as published");
    Ran dropped = night(format, store, "--drop-before", "2026-11-02");
    assertThat(dropped.err()).isEmpty();
    assertThat(dropped.out()).contains("2026-11-01      removed").doesNotContain("2026-11-02 ");
    assertThat(night(format, store, "--verify").out())
        .contains("2026-11-02      as published")
        .doesNotContain("2026-11-01");
  }

  private Path write(String... lines) {
    try {
      return Files.write(folder.resolve("ids.txt"), List.of(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In a commit of its own, which leaves the rows as they are. */
  private static void acknowledges(TableFormat format, Path store, Path input) {
    Ran closed =
        night(
            format,
            store,
            "--input",
            input,
            "--date",
            "2026-11-02",
            "--overwrite",
            "--min-rows",
            "4");
    assertThat(closed.code()).isEqualTo(ExitCode.GATE);
    assertThat(night(format, store, "--input", input, "--date", "2026-11-02").code())
        .isEqualTo(ExitCode.GATE);
    Ran seen = night(format, store, "--acknowledge", "--date", "2026-11-02");
    assertThat(seen.err()).isEmpty();
    assertThat(night(format, store, "--input", input, "--date", "2026-11-02").code()).isZero();
    assertThat(night(format, store, "--verify").out()).contains("2026-11-02      as published");
  }

  private static Ran night(TableFormat format, Path store, Object... arguments) {
    return Nights.run(format.toString(), store, arguments);
  }

  private static Ran trend(TableFormat format, Path store, Path page) {
    Nights.session(format.toString());
    return Ran.of(new ReportTrend(), "--store", store, "--store-format", format, "--output", page);
  }

  private static Map<String, String> rows(TableFormat format, Path store) {
    SparkSession spark = Nights.session(format.toString());
    return Nights.described(Nights.all(spark, format.toString(), store).orderBy("date", "id"));
  }
}
