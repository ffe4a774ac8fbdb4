package swarmformer.scoring;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.Failures;
import swarmformer.data.InputSize;
import swarmformer.data.RunDirectory;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;
import swarmformer.errors.OutputException;
import swarmformer.metrics.BatchTimings;
import swarmformer.metrics.RowCounts;
import swarmformer.metrics.RunFacts;
import swarmformer.metrics.RunMetrics;
import swarmformer.metrics.StageTimes;
import swarmformer.metrics.Versions;

/**
 * Scores texts and publishes a run: predictions, batches and metrics.
 *
 * <p>One pass reads the input and writes the predictions. What is told of the run comes from what
 * its batches noted: a row for each batch.
 */
public final class ScoringAction {
  private static final long BATCHES_OF_A_FILE = 1_000_000;

  private final SparkSession spark;
  private final ModelFiles model;
  private final ScoringSettings settings;

  /** An action that scores with a model that was checked. */
  public ScoringAction(SparkSession spark, ModelFiles model, ScoringSettings settings) {
    this.spark = spark;
    this.model = model;
    this.settings = settings;
  }

  /**
   * Scores, checks that no row was lost, and publishes.
   *
   * @param size of the texts
   * @param sizeMs what finding it took
   * @return the metrics of the run, as they were published
   * @throws InputException if the input cannot be read
   * @throws OutputException if the output cannot be written, or does not hold what was scored
   */
  public RunMetrics execute(
      Texts texts,
      InputSize size,
      long sizeMs,
      RunDirectory run,
      RunFacts facts,
      Versions versions) {
    long start = System.nanoTime();
    String notes = run.scratch("batches");
    BatchLog log = new BatchLog(spark, notes);
    writePredictions(texts, size, log, run.dataset("predictions"));
    long scored = System.nanoTime();
    String batchesPath = run.dataset("batches");
    int files = (int) (1 + size.rows() / settings.batchSize() / BATCHES_OF_A_FILE);
    write(BatchLog.read(spark, notes, log.attempts()).repartition(files), batchesPath);
    Dataset<Row> batches = spark.read().parquet(batchesPath);
    RowCounts rows = RowCounts.of(batches);
    checkNothingLost(run, rows);
    StageTimes stages = new StageTimes(sizeMs, ms(scored - start), ms(System.nanoTime() - scored));
    RunMetrics metrics =
        new RunMetrics(facts, rows, BatchTimings.of(batches), stages, versions, Instant.now());
    write(metrics.toDataset(spark).coalesce(1), run.dataset("metrics"));
    run.publish(spark.sparkContext().applicationId());
    return metrics;
  }

  private void writePredictions(Texts texts, InputSize size, BatchLog log, String path) {
    BroadcastModel broadcast = BroadcastModel.of(spark, model);
    try (Progress progress = Progress.show(spark, size);
        Spread spread = new Spread(spark, size, settings)) {
      broadcast
          .score(spread.over(texts), settings, progress.counter(), Optional.of(log))
          .write()
          .parquet(path);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofWriting(path, texts.name(), e);
    }
  }

  /** The footers of the files tell how many rows were written. */
  private void checkNothingLost(RunDirectory run, RowCounts rows) {
    long written = spark.read().parquet(run.dataset("predictions")).count();
    if (rows.rows() != written) {
      throw new OutputException(
          String.format(
              Locale.ROOT,
              "Cannot publish the run: %,d rows were scored and %,d written. Run again.",
              rows.rows(),
              written));
    }
  }

  private static void write(Dataset<Row> dataset, String path) {
    try {
      dataset.write().parquet(path);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofWriting(path, e);
    }
  }

  private static long ms(long nanos) {
    return nanos / 1_000_000;
  }
}
