package swarmformer.jobs;

import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.OutputPlace;
import swarmformer.data.RunDirectory;
import swarmformer.data.RunId;
import swarmformer.data.Texts;
import swarmformer.hub.Checkpoints;
import swarmformer.metrics.RunFacts;
import swarmformer.metrics.RunMetrics;
import swarmformer.metrics.Versions;
import swarmformer.model.Precision;
import swarmformer.model.TorchEngine;
import swarmformer.scoring.DeviceCheck;
import swarmformer.scoring.EarlyLoad;
import swarmformer.scoring.ScoreTexts;
import swarmformer.scoring.ScoringSettings;

/** Scores as the options of {@link Score} say. */
record ScoringRun(InputOptions input, ModelOptions model, OutputOptions output, String command) {
  /**
   * What came of it.
   *
   * @param metrics as published
   * @param input what was in the input
   * @param predictions where the predictions were published
   */
  record Outcome(RunMetrics metrics, Texts.Counts input, String predictions) {}

  Outcome execute(SparkSession spark) {
    Instant started = Instant.now();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    String folder = output.output.orElseThrow();
    OutputPlace.check(input.source(), folder, hadoop);
    String runId = output.runId.orElseGet(RunId::next);
    try (RunDirectory run = RunDirectory.claim(hadoop, folder, runId, output.overwrite)) {
      DeviceCheck.run(spark, model.device);
      ModelFiles files = new Checkpoints(hadoop, System.getenv()).read(model.model);
      Checkpoint checkpoint = Checkpoint.parse(files);
      Precision precision = model.precision(spark, files);
      ScoringSettings settings = settings(precision);
      EarlyLoad load = EarlyLoad.start(spark, files, settings);
      Texts texts;
      long countMs;
      try {
        long start = System.nanoTime();
        texts = Texts.read(spark, input.source(), checkpoint.classNames());
        countMs = (System.nanoTime() - start) / 1_000_000;
      } finally {
        load.await();
      }
      RunMetrics metrics =
          new ScoreTexts(spark, files, settings)
              .execute(
                  texts,
                  run,
                  facts(runId, files, checkpoint, precision, started),
                  versions(),
                  countMs);
      return new Outcome(metrics, texts.counts(), run.publishedDataset("predictions"));
    }
  }

  private ScoringSettings settings(Precision precision) {
    return model.settings(
        precision, input.idsColumn.isPresent(), output.emitIds, output.onBadRow.equals("fail"));
  }

  private RunFacts facts(
      String runId, ModelFiles files, Checkpoint checkpoint, Precision precision, Instant started) {
    return new RunFacts(
        runId,
        files.name(),
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
