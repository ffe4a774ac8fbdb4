package swarmformer.nightly;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.sql.Date;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.errors.InputException;
import swarmformer.metrics.BatchTimings;
import swarmformer.metrics.RowCounts;
import swarmformer.metrics.RunFacts;
import swarmformer.metrics.RunMetrics;
import swarmformer.metrics.StageTimes;
import swarmformer.metrics.Versions;
import swarmformer.scoring.OwnJar;
import swarmformer.store.Drift;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;

/** Adds up a night that is ready, and judges it. */
final class NightFigures {
  private final SparkSession spark;
  private final NightStore store;
  private final NightModel model;
  private final NightSettings night;
  private final Work.Plan plan;
  private final Chunks chunks;
  private final Instant started;

  NightFigures(
      SparkSession spark,
      NightStore store,
      NightModel model,
      NightSettings night,
      Work.Plan plan,
      Chunks chunks,
      Instant started) {
    this.spark = spark;
    this.store = store;
    this.model = model;
    this.night = night;
    this.plan = plan;
    this.chunks = chunks;
    this.started = started;
  }

  /**
   * The night with its record.
   *
   * @param rows all of its rows
   * @param reused those of them that are copied
   * @param batches what the batches of the others took
   * @param computed the sums of these
   */
  NightStore.Night of(
      Dataset<Row> rows,
      Dataset<Row> reused,
      Dataset<Row> batches,
      RowCounts computed,
      Versions versions) {
    boolean copies = plan.counts().reused() > 0;
    BatchTimings timings = BatchTimings.of(batches);
    RowSums sums = copies ? RowSums.of(reused, plan.temperature()) : RowSums.NONE;
    RowCounts counts = copies ? computed.plus(RowCounts.ofPredictions(reused)) : computed;
    for (Work.Chunk chunk : chunks.done()) {
      sums = sums.plus(chunk.sums());
    }
    Drift.Distribution found = sums.distribution();
    Optional<Drift> drift =
        night
            .gates()
            .baseline()
            .map(
                range ->
                    Drift.between(
                        range.toString(),
                        Drift.Distribution.of(baseline(store, range, night.date())),
                        found));
    String application = spark.sparkContext().applicationId();
    Manifest manifest = manifest(application, counts, timings, sums, drift, versions);
    return new NightStore.Night(
        night.date(), rows, batches, metrics(counts, timings, manifest, versions), manifest);
  }

  /**
   * The rows to compare a night with.
   *
   * @throws InputException if there are none
   */
  static Dataset<Row> baseline(NightStore store, DateRange range, LocalDate night) {
    boolean found =
        store.dates().stream().anyMatch(date -> range.contains(date) && !date.equals(night));
    if (!found) {
      throw new InputException(
          "Cannot compare night %s with --baseline %s: the store has no night of it. Set another, or leave it out."
              .formatted(night, range));
    }
    return store
        .rows(range.from(), range.to())
        .orElseThrow()
        .where(not(col("date").equalTo(lit(Date.valueOf(night)))));
  }

  private Manifest manifest(
      String application,
      RowCounts counts,
      BatchTimings timings,
      RowSums sums,
      Optional<Drift> drift,
      Versions versions) {
    Instant now = Instant.now();
    Optional<Manifest.Estimate> estimate = sums.confidence().estimate(plan.temperature());
    return new Manifest(
        night.date().toString(),
        transaction(),
        started.toString(),
        now.toString(),
        application,
        night.command(),
        plan.input(),
        model.facts(),
        OwnJar.sha256().orElse(null),
        names(versions),
        counts(counts),
        new Manifest.Speed(
            Duration.between(started, now).toMillis(),
            chunks.spentMs(),
            chunks.scoredHere(),
            timings.meanMs(),
            timings.p50Ms(),
            timings.p95Ms()),
        sums.distribution(),
        drift.orElse(null),
        night.gates().warnings(counts, drift, estimate),
        sums.digest(),
        List.of(),
        null,
        List.of(),
        estimate.orElse(null));
  }

  /** That of the plan, unless the night was changed since: a table takes no earlier number. */
  private long transaction() {
    return store
        .readableManifest(night.date())
        .filter(last -> last.transaction() > plan.transaction())
        .map(Manifest::later)
        .orElse(plan.transaction());
  }

  private Manifest.Counts counts(RowCounts counts) {
    NightRows.PlanCounts planned = plan.counts();
    long computed = planned.rows() - planned.reused();
    return new Manifest.Counts(
        planned.rows(),
        planned.reused(),
        computed,
        computed - planned.changed(),
        planned.changed(),
        planned.repeatedIds(),
        plan.undated(),
        counts.scored(),
        counts.truncated(),
        counts.tokens(),
        counts.errors(),
        counts.bySentiment());
  }

  private Dataset<Row> metrics(
      RowCounts counts, BatchTimings timings, Manifest manifest, Versions versions) {
    Manifest.Model facts = model.facts();
    RunFacts run =
        new RunFacts(
            manifest.date(),
            facts.name(),
            facts.sha256(),
            facts.parameters(),
            facts.config(),
            facts.dtype(),
            started,
            night.command());
    RunMetrics metrics =
        new RunMetrics(
            run,
            counts,
            timings,
            new StageTimes(0, chunks.spentMs(), 0),
            versions,
            Instant.parse(manifest.published()));
    Manifest.Counts rows = manifest.counts();
    Optional<Drift> drift = Optional.ofNullable(manifest.drift());
    return metrics
        .toDataset(spark)
        .drop("count_stage_ms", "write_stage_ms", "tokens_per_second")
        .withColumn("texts_per_second", lit(chunks.textsPerSecond()))
        .withColumn("reused", lit(rows.reused()))
        .withColumn("computed", lit(rows.computed()))
        .withColumn("new_rows", lit(rows.fresh()))
        .withColumn("changed", lit(rows.changed()))
        .withColumn("repeated_ids", lit(rows.repeatedIds()))
        .withColumn("undated", lit(rows.undated()))
        .withColumn("config_sha256", lit(facts.configSha256()))
        .withColumn("baseline", lit(drift.map(Drift::baseline).orElse(null)).cast("string"))
        .withColumn("psi_score", lit(drift.map(Drift::score).orElse(null)).cast("double"))
        .withColumn("psi_length", lit(drift.map(Drift::length).orElse(null)).cast("double"))
        .withColumn("psi_unknown", lit(drift.map(Drift::unknown).orElse(null)).cast("double"))
        .withColumn(
            "estimated_accuracy",
            lit(Optional.ofNullable(manifest.estimate())
                    .map(Manifest.Estimate::accuracy)
                    .orElse(null))
                .cast("double"))
        .withColumn("warnings", lit(manifest.warnings().toArray(String[]::new)));
  }

  private static Map<String, String> names(Versions versions) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("swarmformer-spark", versions.project());
    names.put("java", versions.java());
    names.put("spark", versions.spark());
    names.put("djl", versions.djl());
    names.put("pytorch", versions.pytorch());
    return names;
  }
}
