package swarmformer.scoring;

import static org.apache.spark.sql.functions.col;

import java.time.Instant;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.DataException;
import swarmformer.data.RunDirectory;
import swarmformer.data.Texts;
import swarmformer.data.WriteErrors;
import swarmformer.metrics.BatchTimings;
import swarmformer.metrics.RowCounts;
import swarmformer.metrics.RunFacts;
import swarmformer.metrics.RunMetrics;
import swarmformer.metrics.StageTimes;
import swarmformer.metrics.Versions;

/**
 * Scores texts and publishes a run: predictions, batches and metrics.
 *
 * <p>Each text is scored once, into a staged data set that carries predictions and batches side by
 * side; everything published is made from that.
 */
public final class ScoreTexts {
  private static final long BATCHES_OF_A_FILE = 1_000_000;

  private final SparkSession spark;
  private final ModelFiles model;
  private final ScoringSettings settings;

  /** An action that scores with a model that was checked. */
  public ScoreTexts(SparkSession spark, ModelFiles model, ScoringSettings settings) {
    this.spark = spark;
    this.model = model;
    this.settings = settings;
  }

  /**
   * Scores, checks that no row was lost, and publishes.
   *
   * @param countMs what counting the input took
   * @return the metrics of the run, as they were published
   * @throws DataException if the output cannot be written, or differs from the input in number
   */
  public RunMetrics execute(
      Texts texts, RunDirectory run, RunFacts facts, Versions versions, long countMs) {
    long start = System.nanoTime();
    stage(texts, run);
    long staged = System.nanoTime();
    Dataset<Row> scored = spark.read().parquet(run.scratch("scored"));
    RowCounts rows = RowCounts.of(scored);
    checkNothingLost(texts, rows);
    write(scored.drop(ScoreRows.BATCH), run.dataset("predictions"));
    Dataset<Row> batches =
        scored.where(col(ScoreRows.BATCH).isNotNull()).select(ScoreRows.BATCH + ".*");
    BatchTimings timings = BatchTimings.of(batches);
    // A shuffle: without one a single task would read all that was staged.
    write(batches.repartition(filesFor(timings.batches())), run.dataset("batches"));
    StageTimes stages = new StageTimes(countMs, ms(staged - start), ms(System.nanoTime() - staged));
    RunMetrics metrics = new RunMetrics(facts, rows, timings, stages, versions, Instant.now());
    write(metrics.toDataset(spark).coalesce(1), run.dataset("metrics"));
    run.publish(spark.sparkContext().applicationId());
    return metrics;
  }

  private void stage(Texts texts, RunDirectory run) {
    ScoreRows scoring = new ScoreRows(spark, model, settings);
    try (Progress progress = scoring.showProgress(texts.counts().rows())) {
      scoring.score(texts).write().parquet(run.scratch("scored"));
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw WriteErrors.translate(run.scratch("scored"), texts.name(), e);
    }
  }

  private static void checkNothingLost(Texts texts, RowCounts rows) {
    if (rows.rows() != texts.counts().rows()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot publish the run: %,d rows came in from %s and %,d went out. The input changed while it was read: run again.",
              texts.counts().rows(),
              texts.name(),
              rows.rows()));
    }
  }

  private static void write(Dataset<Row> dataset, String path) {
    try {
      dataset.write().parquet(path);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw WriteErrors.translate(path, e);
    }
  }

  private static int filesFor(long batches) {
    return (int) (1 + batches / BATCHES_OF_A_FILE);
  }

  private static long ms(long nanos) {
    return nanos / 1_000_000;
  }
}
