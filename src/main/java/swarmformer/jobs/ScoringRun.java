package swarmformer.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.Failures;
import swarmformer.data.InputSize;
import swarmformer.data.LabelValues;
import swarmformer.data.OutputPlace;
import swarmformer.data.PublishedRun;
import swarmformer.data.RunDirectory;
import swarmformer.data.RunId;
import swarmformer.data.Secrets;
import swarmformer.data.TextSource;
import swarmformer.data.Texts;
import swarmformer.metrics.RunFacts;
import swarmformer.metrics.RunMetrics;
import swarmformer.metrics.Versions;
import swarmformer.model.Precision;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;
import swarmformer.scoring.DeviceCheck;
import swarmformer.scoring.EarlyLoad;
import swarmformer.scoring.EmittedIds;
import swarmformer.scoring.ScoringAction;
import swarmformer.scoring.ScoringSettings;

/**
 * A run of {@link Score}.
 *
 * @param input what to read
 * @param model what to score with
 * @param output where to write, and what
 * @param command what was typed
 * @param labelCheck looks at the labels before they cost anything
 */
record ScoringRun(
    TextSource input,
    ModelOptions model,
    Output output,
    String command,
    Optional<LabelCheck> labelCheck) {
  /** A larger input is not looked at again. */
  private static final long MAX_FOR_EXAMPLES = 10_000;

  /** Looks at the labels before they cost anything. */
  interface LabelCheck {
    /** Refuses labels that are of no use, by an exception for a user. */
    void check(SparkSession spark, TextSource source, List<String> classNames);
  }

  /**
   * Where to write, and what.
   *
   * @param directory of all runs
   * @param runId absent: a new one
   * @param overwrite replace a run of that id
   * @param emitIds write token ids
   * @param failOnBadRow fail at a row that cannot be scored
   */
  record Output(
      String directory,
      Optional<String> runId,
      boolean overwrite,
      boolean emitIds,
      boolean failOnBadRow) {}

  /**
   * What a run gave.
   *
   * @param metrics as published
   * @param predictions where the predictions were published
   * @param classNames of the model
   * @param examples predictions to look at; empty for large inputs and inputs that are not files
   * @param unrecognised unrecognised labels from the start of the input; empty if all labels of the
   *     run are
   */
  record Outcome(
      RunMetrics metrics,
      String predictions,
      List<String> classNames,
      List<Examples.Example> examples,
      Optional<LabelValues> unrecognised) {}

  Outcome execute(SparkSession spark) {
    Instant started = Instant.now();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    OutputPlace.check(input, output.directory(), hadoop);
    Optional<String> named = named(spark);
    String runId = named.orElseGet(RunId::next);
    try (RunDirectory run =
        named.isPresent()
            ? RunDirectory.begin(hadoop, output.directory(), runId, output.overwrite())
            : RunDirectory.beginUnique(hadoop, output.directory(), runId)) {
      DeviceCheck.run(spark, model.device);
      ModelFiles files = new Checkpoints(hadoop, System.getenv()).read(model.model);
      Checkpoint checkpoint = Checkpoint.parse(files);
      Precision precision = model.precision(spark, files);
      ScoringSettings settings = settings(precision);
      EarlyLoad load = EarlyLoad.start(spark, files, settings);
      Texts texts;
      InputSize size;
      long sizeMs;
      try {
        long start = System.nanoTime();
        texts = Texts.read(spark, input, checkpoint.classNames());
        labelCheck.ifPresent(check -> check.check(spark, input, checkpoint.classNames()));
        size = InputSize.of(texts);
        sizeMs = (System.nanoTime() - start) / 1_000_000;
      } catch (Exception e) { // Spark throws checked exceptions that Java does not see
        throw Failures.ofReading(input.name(), e);
      } finally {
        load.await();
      }
      RunMetrics metrics =
          new ScoringAction(spark, files, settings)
              .execute(
                  texts,
                  size,
                  sizeMs,
                  run,
                  facts(runId, files, checkpoint, precision, started),
                  versions());
      return new Outcome(
          metrics,
          run.publishedDataset("predictions"),
          checkpoint.classNames(),
          examples(spark, texts, metrics, run.publishedDataset("predictions")),
          metrics.rows().unreadableLabels() == 0
              ? Optional.empty()
              : LabelValues.ofHead(spark, input, checkpoint.classNames()));
    }
  }

  private List<Examples.Example> examples(
      SparkSession spark, Texts texts, RunMetrics metrics, String predictions) {
    boolean readsAgain = !input.paths().isEmpty() && input.idsColumn().isEmpty();
    return readsAgain && metrics.rows().rows() <= MAX_FOR_EXAMPLES
        ? Examples.of(texts, spark.read().parquet(predictions))
        : List.of();
  }

  /**
   * The id of the user if any, or else that which all attempts of this application use, where the
   * storage can tell which of them was first.
   */
  private Optional<String> named(SparkSession spark) {
    return output
        .runId()
        .or(
            () ->
                hasAttempts(spark)
                        && RunDirectory.takesIds(
                            spark.sparkContext().hadoopConfiguration(), output.directory())
                    ? Optional.of(spark.sparkContext().applicationId())
                    : Optional.empty());
  }

  /** Whether the cluster manager may start this application again. */
  private static boolean hasAttempts(SparkSession spark) {
    return spark.sparkContext().applicationAttemptId().isDefined();
  }

  /** The id of the run that an earlier attempt of this application has published, if it has. */
  Optional<String> publishedByEarlierAttempt(SparkSession spark) {
    return named(spark)
        .filter(
            id ->
                hasAttempts(spark)
                    && PublishedRun.exists(
                        spark, output.directory(), id, spark.sparkContext().applicationId()));
  }

  private ScoringSettings settings(Precision precision) {
    return model.settings(
        precision,
        input.idsColumn().isPresent(),
        output.emitIds() ? EmittedIds.WHOLE : EmittedIds.NONE,
        output.failOnBadRow());
  }

  private RunFacts facts(
      String runId, ModelFiles files, Checkpoint checkpoint, Precision precision, Instant started) {
    return new RunFacts(
        runId,
        Secrets.without(files.name()),
        files.sha256(),
        checkpoint.weights().parameters(),
        files.configText(),
        precision.toString(),
        started,
        command);
  }

  /** What a run is made with. */
  static Versions versions() {
    return new Versions(
        Version.text(),
        System.getProperty("java.version"),
        org.apache.spark.package$.MODULE$.SPARK_VERSION(),
        TorchEngine.djlVersion(),
        TorchEngine.pytorchVersion());
  }
}
