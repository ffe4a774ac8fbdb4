package swarmformer.metrics;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.tokens.TruncationSide;

/**
 * An evaluation and the run it is of.
 *
 * @param evaluation how right the predictions are
 * @param run the row of the run's metrics dataset
 */
public record EvaluationReport(Evaluation evaluation, Row run) {
  private static final DataType SIZES =
      DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType, false);

  private static final DataType NAMES = DataTypes.createArrayType(DataTypes.StringType, false);

  /** Published figures of the model's size for these data, if any. */
  public Optional<PublishedFigures> published() {
    return PublishedFigures.of(
        run.<Long>getAs("model_parameters"), evaluation.confusion(), run.getAs("command"));
  }

  /** Configuration of the model. */
  public SwarmFormerConfig config() {
    return config(run);
  }

  /** Configuration of the model of a run, by its metrics. */
  public static SwarmFormerConfig config(Row run) {
    String json = run.getAs("model_config");
    return SwarmFormerConfig.parse(json.getBytes(StandardCharsets.UTF_8), "model_config");
  }

  /** Whether the model reads the end of a text that is too long, not its beginning. */
  public boolean readsEnd() {
    return config().truncationSide() == TruncationSide.LEFT;
  }

  /** Names of the classes, in the order of the confusion matrix. */
  public List<String> classNames() {
    return config().classNames(evaluation.confusion().classes());
  }

  /** Mean time of the network for one scored text; null if nothing was scored. */
  public Double meanSampleMs() {
    long scored = run.<Long>getAs("scored");
    return scored == 0 ? null : run.<Double>getAs("model_sum_ms") / scored;
  }

  /** All figures, for a file. */
  public Fields fields() {
    SwarmFormerConfig config = config();
    Fields fields = new Fields();
    fields.text("run_id", run.getAs("run_id"));
    fields.text("model", run.getAs("model"));
    fields.text("model_sha256", run.getAs("model_sha256"));
    fields.add("hyper_parameters", SIZES, config.hyperParameters());
    fields.text("truncation_side", config.truncationSide().text());
    fields.add("class_names", NAMES, classNames());
    fields.count("total_parameters", run.getAs("model_parameters"));
    fields.count("trainable_parameters", run.getAs("model_parameters"));
    fields.text("dtype", run.getAs("dtype"));
    evaluation.describe(fields);
    fields.records(
        "classes", Confusion.OneClass.class, evaluation.confusion().ofClasses(classNames()));
    fields.number("mean_batch_ms", run.getAs("batch_mean_ms"));
    fields.number("mean_sample_ms", meanSampleMs());
    fields.number("p95_batch_ms", run.getAs("batch_p95_ms"));
    fields.number("min_batch_ms", run.getAs("batch_min_ms"));
    fields.number("max_batch_ms", run.getAs("batch_max_ms"));
    fields.number("samples_per_second", run.getAs("texts_per_second"));
    fields.count("processed_samples", run.getAs("scored"));
    fields.count("total_ms", run.getAs("total_ms"));
    fields.text("published_model", published().map(PublishedFigures::model).orElse(null));
    fields.number("published_accuracy", published().map(PublishedFigures::accuracy).orElse(null));
    fields.number("published_precision", published().map(PublishedFigures::precision).orElse(null));
    fields.number("published_recall", published().map(PublishedFigures::recall).orElse(null));
    fields.number("published_f1", published().map(PublishedFigures::f1).orElse(null));
    return fields;
  }
}
