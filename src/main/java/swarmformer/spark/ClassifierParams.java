package swarmformer.spark;

import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import swarmformer.cluster.SparkVersion;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;
import swarmformer.scoring.Bfloat16Check;

/** The params of {@link SwarmFormerClassifier}, named as MLlib names them where it has them. */
public abstract class ClassifierParams extends Transformer {
  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> idsCol;
  private final Param<String> rawPredictionCol;
  private final Param<String> probabilityCol;
  private final Param<String> predictionCol;
  private final Param<String> outputCol;
  private final IntParam batchSize;
  private final Param<String> model;
  private final Param<String> device;
  private final Param<String> dtype;
  private final Param<String> modelSha256;
  private final Param<String> configSha256;
  private final BooleanParam saveWeights;

  ClassifierParams(String uid) {
    SparkVersion.check();
    this.uid = uid; // params ask for it, so it comes before them
    inputCol = text("inputCol", "column of the texts", "text");
    idsCol =
        text(
            "idsCol", "column of token ids to score instead of texts, ARRAY<INT> or ARRAY<BIGINT>");
    String leftOut = "; empty to leave it out";
    rawPredictionCol =
        text(
            "rawPredictionCol",
            "new column of logits less their mean, a vector" + leftOut,
            "rawPrediction");
    probabilityCol =
        text("probabilityCol", "new column of probabilities, a vector" + leftOut, "probability");
    predictionCol =
        text("predictionCol", "new column of the class, a double" + leftOut, "prediction");
    outputCol =
        text("outputCol", "new column of all that jobs/score.sh predicts" + leftOut, "swarmformer");
    batchSize = new IntParam(this, "batchSize", "rows of a batch, at least 1", Choices::isPositive);
    setDefault(batchSize, 256);
    model =
        text(
            "model",
            "a bundled name, a directory, a URI, or org/name[@revision] on the Hugging Face hub",
            Checkpoints.DEFAULT_MODEL);
    device = choice("device", "auto, cpu or cuda", TorchEngine.DEVICES);
    dtype = choice("dtype", "auto, float32 or bfloat16", Bfloat16Check.DTYPES);
    modelSha256 = text("modelSha256", "SHA-256 that the weights must have");
    configSha256 = text("configSha256", "SHA-256 that config.json must have");
    saveWeights =
        new BooleanParam(this, "saveWeights", "whether the model is saved with the stage");
    setDefault(saveWeights, false);
  }

  /** Spark Connect sets params whose class it is told. */
  private Param<String> text(String name, String doc) {
    return new Param<>(uid, name, doc, String.class);
  }

  private Param<String> text(String name, String doc, String byDefault) {
    Param<String> param = text(name, doc);
    setDefault(param, byDefault);
    return param;
  }

  private Param<String> choice(String name, String doc, List<String> choices) {
    Param<String> param =
        new Param<>(uid, name, doc, value -> Choices.check(name, value, choices), String.class);
    setDefault(param, choices.get(0));
    return param;
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Column of the texts. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** Column of token ids to score instead of texts. */
  public Param<String> idsCol() {
    return idsCol;
  }

  /** New column of logits less their mean. */
  public Param<String> rawPredictionCol() {
    return rawPredictionCol;
  }

  /** New column of probabilities. */
  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  /** New column of the class. */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** New column of all that is predicted, and of errors. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** Rows of a batch. */
  public IntParam batchSize() {
    return batchSize;
  }

  /** What to score with. */
  public Param<String> model() {
    return model;
  }

  /** Where to compute. */
  public Param<String> device() {
    return device;
  }

  /** Number format of the network. */
  public Param<String> dtype() {
    return dtype;
  }

  /** What the weights must hash to; a stage that was saved has it. */
  public Param<String> modelSha256() {
    return modelSha256;
  }

  /** What config.json must hash to; a stage that was saved has it. */
  public Param<String> configSha256() {
    return configSha256;
  }

  /** Whether the model is saved with the stage. */
  public BooleanParam saveWeights() {
    return saveWeights;
  }
}
