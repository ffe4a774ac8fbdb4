package swarmformer.metrics;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * What the metrics dataset says of a run, as it is read back.
 *
 * @param facts what was known before
 * @param scored rows with a prediction
 * @param errors rows without a prediction, by the kind of their error
 * @param textsPerSecond scored texts for each second of the scoring stage
 * @param tokensPerSecond their tokens likewise
 * @param tokeniseMs time of the tokenizer, summed over all tasks
 * @param modelMs time of the network, summed over all tasks
 * @param scoreMs wall time of the scoring stage
 * @param totalMs wall time of the run
 * @param peakProcessBytes greatest resident memory of an executor; null where unknown
 * @param devices where the network ran
 * @param versions what the run was made with
 */
public record RecordedRun(
    RunFacts facts,
    long scored,
    Map<String, Long> errors,
    double textsPerSecond,
    double tokensPerSecond,
    double tokeniseMs,
    double modelMs,
    long scoreMs,
    long totalMs,
    Long peakProcessBytes,
    List<String> devices,
    Versions versions) {
  /** Reads the row of a run. */
  public static RecordedRun of(Row row) {
    return new RecordedRun(
        facts(row),
        row.<Long>getAs("scored"),
        new TreeMap<>(row.<String, Long>getJavaMap(row.fieldIndex("errors"))),
        row.<Double>getAs("texts_per_second"),
        row.<Double>getAs("tokens_per_second"),
        row.<Double>getAs("tokenise_sum_ms"),
        row.<Double>getAs("model_sum_ms"),
        row.<Long>getAs("score_stage_ms"),
        row.<Long>getAs("total_ms"),
        row.getAs("peak_process_bytes"),
        row.getList(row.fieldIndex("devices")),
        versions(row));
  }

  /** Adds what an evaluation does not say to the figures of a report. */
  public void describe(Fields fields) {
    fields.add(
        "errors", DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType, false), errors);
    fields.number("tokens_per_second", tokensPerSecond);
    fields.number("tokenise_sum_ms", tokeniseMs);
    fields.number("model_sum_ms", modelMs);
    fields.count("score_stage_ms", scoreMs);
    fields.count("peak_process_bytes", peakProcessBytes);
    fields.add("devices", DataTypes.createArrayType(DataTypes.StringType, false), devices);
    fields.text("started", facts.started().toString());
    fields.record("versions", Versions.class, versions);
    fields.text("command", facts.command());
  }

  private static RunFacts facts(Row row) {
    Instant started = row.<Timestamp>getAs("started").toInstant();
    return new RunFacts(
        row.getAs("run_id"),
        row.getAs("model"),
        row.getAs("model_sha256"),
        row.<Long>getAs("model_parameters"),
        row.getAs("model_config"),
        row.getAs("dtype"),
        started,
        row.getAs("command"));
  }

  private static Versions versions(Row row) {
    return new Versions(
        row.getAs("version"),
        row.getAs("java_version"),
        row.getAs("spark_version"),
        row.getAs("djl_version"),
        row.getAs("pytorch_version"));
  }
}
