package swarmformer.metrics;

import java.sql.Timestamp;
import java.time.Instant;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The metrics of one run, one row of the metrics dataset.
 *
 * @param facts what was known before
 * @param rows what became of the rows
 * @param batches what the batches took
 * @param stages what the stages took
 * @param versions of Java, Spark, DJL, libtorch and this project
 * @param ended when all but these metrics was written
 */
public record RunMetrics(
    RunFacts facts,
    RowCounts rows,
    BatchTimings batches,
    StageTimes stages,
    Versions versions,
    Instant ended) {
  private static final DataType COUNTS =
      DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType, false);

  private static final DataType NAMES = DataTypes.createArrayType(DataTypes.StringType, false);

  /** Scored texts for each second of the scoring stage; 0 if nothing was scored. */
  public double textsPerSecond() {
    return perSecond(rows.scored());
  }

  /** Tokens for each second of the scoring stage; 0 if nothing was scored. */
  public double tokensPerSecond() {
    return perSecond(rows.tokens());
  }

  private double perSecond(long count) {
    return stages.scoreMs() == 0 ? 0 : count * 1_000.0 / stages.scoreMs();
  }

  /** Dataset of one row. */
  public Dataset<Row> toDataset(SparkSession spark) {
    Fields fields = new Fields();
    describe(fields);
    return fields.toDataset(spark);
  }

  private void describe(Fields fields) {
    fields.text("run_id", facts.runId());
    describeRows(fields);
    describeSpeed(fields);
    describeModel(fields);
    fields.text("version", versions.project());
    fields.text("java_version", versions.java());
    fields.text("spark_version", versions.spark());
    fields.text("djl_version", versions.djl());
    fields.text("pytorch_version", versions.pytorch());
    fields.add("started", DataTypes.TimestampType, Timestamp.from(facts.started()));
    fields.add("ended", DataTypes.TimestampType, Timestamp.from(ended));
    fields.text("command", facts.command());
  }

  private void describeRows(Fields fields) {
    fields.count("rows", rows.rows());
    fields.count("scored", rows.scored());
    fields.add("errors", COUNTS, rows.errors());
    fields.add("by_sentiment", COUNTS, rows.bySentiment());
    fields.count("truncated", rows.truncated());
    fields.count("undecodable", batches.undecodable());
    fields.count("tokens", rows.tokens());
    fields.count("positions", batches.positions());
    fields.count("batches", batches.batches());
  }

  private void describeSpeed(Fields fields) {
    fields.number("texts_per_second", textsPerSecond());
    fields.number("tokens_per_second", tokensPerSecond());
    fields.number("batch_mean_ms", batches.meanMs());
    fields.number("batch_p50_ms", batches.p50Ms());
    fields.number("batch_p95_ms", batches.p95Ms());
    fields.number("batch_min_ms", batches.minMs());
    fields.number("batch_max_ms", batches.maxMs());
    fields.number("tokenise_sum_ms", batches.tokeniseMs());
    fields.number("model_sum_ms", batches.modelMs());
    fields.number("device_wait_sum_ms", batches.use().waitMs());
    fields.count("count_stage_ms", stages.countMs());
    fields.count("score_stage_ms", stages.scoreMs());
    fields.count("write_stage_ms", stages.writeMs());
    fields.count("total_ms", ended.toEpochMilli() - facts.started().toEpochMilli());
    fields.count("peak_heap_bytes", batches.peakHeapBytes());
    fields.count("peak_process_bytes", batches.peakProcessBytes());
    fields.count("peak_device_bytes", batches.peakDeviceBytes());
  }

  private void describeModel(Fields fields) {
    fields.text("model", facts.modelName());
    fields.text("model_sha256", facts.modelSha256());
    fields.count("model_parameters", facts.modelParameters());
    fields.text("model_config", facts.modelConfig());
    fields.text("dtype", facts.dtype());
    fields.count("model_loads", batches.use().modelLoads());
    fields.add("devices", NAMES, batches.use().devices());
    fields.add("device_fallbacks", NAMES, batches.use().fallbacks());
  }
}
