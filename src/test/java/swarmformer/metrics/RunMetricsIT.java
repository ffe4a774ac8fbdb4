package swarmformer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import swarmformer.LocalSpark;

final class RunMetricsIT {
  private static final StructType PREDICTIONS =
      StructType.fromDDL(
          "prediction INT, sentiment STRING, tokens INT, truncated BOOLEAN, error STRING");

  private static final StructType BATCHES =
      StructType.fromDDL(
          "undecodable INT, positions BIGINT, tokenise_ms DOUBLE, wait_ms DOUBLE, model_ms DOUBLE,"
              + " device STRING, device_fallback STRING, model_load INT, executor STRING,"
              + " heap_bytes BIGINT, process_bytes BIGINT, device_bytes BIGINT");

  private static final String COMMAND = "jobs/score.sh --input a";
  private static final Instant START = Instant.parse("2026-11-01T09:30:00.250Z");

  private static RowCounts rows(Row... rows) {
    return RowCounts.ofPredictions(
        LocalSpark.session().createDataFrame(List.of(rows), PREDICTIONS));
  }

  private static BatchTimings batches(Row... rows) {
    return batches(List.of(rows));
  }

  private static BatchTimings batches(List<Row> rows) {
    return BatchTimings.of(LocalSpark.session().createDataFrame(rows, BATCHES));
  }

  private static Row batch(double modelMs) {
    return RowFactory.create(1, 512L, 2.5, 0.5, modelMs, "cpu", null, 1, "0", 100L, 200L, null);
  }

  private static Row bad(String error) {
    return RowFactory.create(null, null, null, null, error);
  }

  @Test
  void countsRowsByWhatBecameOfThem() {
    RowCounts counts =
        rows(
            RowFactory.create(1, "positive", 7, false, null),
            RowFactory.create(0, "negative", 256, true, null),
            RowFactory.create(1, "positive", 2_000_000_000, true, null),
            bad("null text"));
    assertThat(counts.rows()).isEqualTo(4);
    assertThat(counts.scored()).isEqualTo(3);
    assertThat(counts.truncated()).isEqualTo(2);
    assertThat(counts.tokens()).isEqualTo(2_000_000_263L);
    assertThat(counts.bySentiment()).containsExactly(entry("negative", 1L), entry("positive", 2L));
    assertThat(counts.errors()).containsExactly(entry("null text", 1L));
  }

  @Test
  void groupsErrorsByWhatStandsBeforeTheColon() {
    RowCounts counts =
        rows(
            bad("ids outside the vocabulary: 40000"),
            bad("ids outside the vocabulary: -1: too small"),
            bad("no tokens"));
    assertThat(counts.errors())
        .containsExactly(entry("ids outside the vocabulary", 2L), entry("no tokens", 1L));
    assertThat(counts.scored()).isZero();
  }

  @Test
  void countsNothingAsZero() {
    assertThat(rows()).isEqualTo(RowCounts.NONE);
  }

  @Test
  void sumsUpBatches() {
    StructType columns =
        StructType.fromDDL(
            "rows INT, errors INT, truncated INT, tokens BIGINT, error_kinds MAP<STRING, BIGINT>,"
                + " by_sentiment MAP<STRING, BIGINT>, labelled INT, unreadable_labels INT");
    List<Row> batches =
        List.of(
            RowFactory.create(
                3, 1, 1, 2_000_000_000L, Map.of("no tokens", 1L), Map.of("good", 2L), 2, 1),
            RowFactory.create(
                2, 0, 2, 2_000_000_000L, Map.of(), Map.of("good", 1L, "bad", 1L), 2, 0));
    assertThat(RowCounts.of(LocalSpark.session().createDataFrame(batches, columns)))
        .isEqualTo(
            new RowCounts(
                5,
                4,
                3,
                4_000_000_000L,
                Map.of("no tokens", 1L),
                Map.of("bad", 1L, "good", 3L),
                4,
                1));
    assertThat(RowCounts.of(LocalSpark.session().createDataFrame(List.of(), columns)))
        .isEqualTo(RowCounts.NONE);
  }

  @Test
  void sumsUpLatencies() {
    List<Row> hundredAndOne =
        IntStream.rangeClosed(0, 100).mapToObj(i -> batch(10.0 + (i * 37) % 101)).toList();
    BatchTimings timings = batches(hundredAndOne);
    assertThat(timings.batches()).isEqualTo(101);
    assertThat(timings.meanMs()).isEqualTo(60, within(1e-9));
    assertThat(timings.p50Ms()).isEqualTo(60, within(1e-9));
    assertThat(timings.p95Ms()).isEqualTo(105, within(1e-9));
    assertThat(timings.minMs()).isEqualTo(10);
    assertThat(timings.maxMs()).isEqualTo(110);
    assertThat(timings.modelMs()).isEqualTo(6_060, within(1e-9));
    assertThat(timings.tokeniseMs()).isEqualTo(252.5, within(1e-9));
    assertThat(timings.positions()).isEqualTo(101 * 512);
    assertThat(timings.undecodable()).isEqualTo(101);
  }

  @Test
  void percentilesAreLatenciesOfBatches() {
    BatchTimings timings = batches(batch(100), batch(200));
    assertThat(timings.p50Ms()).isEqualTo(100);
    assertThat(timings.p95Ms()).isEqualTo(200);
  }

  @Test
  void batchThatTheNetworkDidNotSeeHasNoLatency() {
    Row onlyErrors = RowFactory.create(0, 0L, 1.0, 0.0, 0.001, "cpu", null, 1, "0", 1L, 1L, null);
    BatchTimings timings = batches(batch(50), onlyErrors);
    assertThat(timings.batches()).isEqualTo(2);
    assertThat(timings.minMs()).isEqualTo(50);
    assertThat(timings.meanMs()).isEqualTo(50);
    assertThat(batches(onlyErrors).meanMs()).isNull();
  }

  @Test
  void peaksAreTheGreatestOfAnyBatch() {
    BatchTimings timings =
        batches(
            RowFactory.create(0, 1L, 1.0, 2.5, 1.0, "cuda:0", null, 1, "0", 10L, null, 5L),
            RowFactory.create(0, 1L, 1.0, 0.0, 1.0, "cpu", null, 1, "0", 30L, null, null));
    assertThat(timings.peakHeapBytes()).isEqualTo(30);
    assertThat(timings.peakProcessBytes()).isNull();
    assertThat(timings.peakDeviceBytes()).isEqualTo(5);
  }

  @Test
  void countsLoadsByExecutor() {
    assertThat(
            batches(
                    batchOn("0", 1, "cuda:0", null, 2.5),
                    batchOn("0", 1, "cuda:0", null, 1),
                    batchOn("0", 2, "cuda:1", null, 1),
                    batchOn("1", 1, "cpu", "No GPU.", 0),
                    batchOn("1", 1, "cpu", "No GPU.", 0))
                .use())
        .isEqualTo(new DeviceUse(List.of("cpu", "cuda:0", "cuda:1"), List.of("No GPU."), 4.5, 3));
  }

  private static Row batchOn(
      String executor, int load, String device, String fallback, double waitMs) {
    return RowFactory.create(
        0, 1L, 1.0, waitMs, 1.0, device, fallback, load, executor, 1L, null, null);
  }

  @Test
  void noBatchesHaveNoLatency() {
    assertThat(batches())
        .isEqualTo(
            new BatchTimings(
                0,
                0,
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new DeviceUse(List.of(), List.of(), 0, 0)));
  }

  @Test
  void givesOneRowWithNamesAndTypes() {
    Dataset<Row> dataset = metrics(2_000).toDataset(LocalSpark.session());
    assertThat(dataset.count()).isEqualTo(1);
    StructType schema = dataset.schema();
    assertThat(schema.fieldNames()).startsWith("run_id", "rows", "scored", "errors").hasSize(43);
    assertThat(schema.apply("run_id").dataType()).isEqualTo(DataTypes.StringType);
    assertThat(schema.apply("rows").dataType()).isEqualTo(DataTypes.LongType);
    assertThat(schema.apply("batch_p95_ms").dataType()).isEqualTo(DataTypes.DoubleType);
    assertThat(schema.apply("started").dataType()).isEqualTo(DataTypes.TimestampType);
    assertThat(schema.apply("errors").dataType().sql()).isEqualTo("MAP<STRING, BIGINT>");
    assertThat(schema.apply("devices").dataType().sql()).isEqualTo("ARRAY<STRING>");
  }

  @Test
  void keepsValuesInTheDataSet() {
    Row row = metrics(2_000).toDataset(LocalSpark.session()).head();
    assertThat(row.<String>getAs("run_id")).isEqualTo("r1");
    assertThat(row.<Long>getAs("scored")).isEqualTo(3);
    assertThat(row.<Double>getAs("texts_per_second")).isEqualTo(1.5);
    assertThat(row.<Double>getAs("tokens_per_second")).isEqualTo(600);
    assertThat(row.<Double>getAs("batch_p95_ms")).isEqualTo(20);
    assertThat(row.<Long>getAs("total_ms")).isEqualTo(5_000);
    assertThat(row.<Long>getAs("score_stage_ms")).isEqualTo(2_000);
    assertThat(row.<Long>getAs("peak_device_bytes")).isNull();
    assertThat(row.<Long>getAs("model_parameters")).isEqualTo(42);
    assertThat(row.<Timestamp>getAs("started").toInstant()).isEqualTo(START);
    assertThat(row.<Long, String>getJavaMap(row.fieldIndex("errors")))
        .isEqualTo(Map.of("null text", 1L));
    assertThat(row.<String>getList(row.fieldIndex("devices"))).containsExactly("cpu");
    assertThat(row.<String>getList(row.fieldIndex("device_fallbacks"))).isEmpty();
    assertThat(row.<Long>getAs("model_loads")).isEqualTo(1);
    assertThat(row.<Double>getAs("device_wait_sum_ms")).isEqualTo(0.5);
    assertThat(row.<String>getAs("command")).isEqualTo(COMMAND);
  }

  @Test
  void speedOfNoTimeIsZero() {
    assertThat(metrics(0).textsPerSecond()).isZero();
    assertThat(metrics(0).tokensPerSecond()).isZero();
  }

  private static RunMetrics metrics(long scoreMs) {
    return new RunMetrics(
        new RunFacts("r1", "small-imdb", "ab12", 42, "{}", "float32", START, COMMAND),
        new RowCounts(4, 3, 2, 1_200, Map.of("null text", 1L), Map.of("positive", 3L), 0, 0),
        batches(batch(20)),
        new StageTimes(100, scoreMs, 300),
        new Versions("1", "17", "4.1.0", "0.36.0", "2.7.1"),
        START.plusSeconds(5));
  }
}
