package swarmformer.spark;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.Texts;
import swarmformer.errors.DeviceException;
import swarmformer.errors.InputException;
import swarmformer.scoring.ScoringSettings;
import swarmformer.scoring.SharedModel;

/**
 * Predicts the sentiment of texts with SwarmFormer, as a stage of MLlib's pipelines: what {@code
 * jobs/score.sh} predicts, as columns that Spark's evaluators understand.
 *
 * <p>All columns, partitions and their order stay. A text that cannot be scored has null
 * predictions and an {@code error} in the output column. The model is read by the driver when the
 * stage first transforms, is saved or loaded, and kept; each executor loads it once.
 */
public final class SwarmFormerClassifier extends ClassifierParams implements MLWritable {
  private static final long serialVersionUID = 1L;

  private transient ReadModel read;

  /** A stage with an id of its own. */
  public SwarmFormerClassifier() {
    this(Identifiable.randomUID("swarmformer"));
  }

  /** A stage with an id that was given. */
  public SwarmFormerClassifier(String uid) {
    super(uid);
  }

  /** Reads stages that were saved. */
  public static MLReader<SwarmFormerClassifier> read() {
    return new ClassifierReader();
  }

  /** Reads a stage that was saved. */
  public static SwarmFormerClassifier load(String path) {
    return read().load(path);
  }

  @Override
  public MLWriter write() {
    return new ClassifierWriter(this);
  }

  /**
   * Adds the columns, lazily.
   *
   * @throws InputException if a column is missing, of the wrong type, or there already
   * @throws ModelException if the model cannot be read, or is not the one that was saved
   * @throws DeviceException if an executor cannot use the device
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    ClassifierColumns columns = ClassifierColumns.of(this);
    StructType schema = dataset.schema();
    columns.addTo(schema);
    SparkSession spark = dataset.sparkSession();
    SharedModel model = SharedModel.of(spark, readModel(spark));
    ScoringSettings settings =
        model.settings(
            getOrDefault(device()),
            getOrDefault(dtype()),
            (Integer) getOrDefault(batchSize()),
            columns.idsGiven());
    String[] fields = ClassifierColumns.fields(schema.length());
    Dataset<Row> rows =
        ClassifierColumns.texts(
            dataset.toDF(fields),
            ClassifierColumns.row(schema),
            col(fields[schema.fieldIndex(columns.content())]));
    Dataset<Row> scored = model.score(new Texts("the dataset", rows), settings);
    return columns.select(scored, schema);
  }

  /** Does as {@link #transform}, by the name that it has in DJL. */
  public Dataset<Row> classify(Dataset<?> dataset) {
    return transform(dataset);
  }

  /**
   * Gives the columns that {@link #transform} gives.
   *
   * @throws InputException if a column is missing, of the wrong type, or there already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return ClassifierColumns.of(this).addTo(schema);
  }

  @Override
  public SwarmFormerClassifier copy(ParamMap extra) {
    SwarmFormerClassifier copy = defaultCopy(extra);
    copy.read = read;
    return copy;
  }

  /** Reads the model unless this stage has, and refuses one that has changed. */
  synchronized ModelFiles readModel(SparkSession spark) {
    String reference = getOrDefault(model());
    if (read == null || !read.reference().equals(reference)) {
      read = ReadModel.of(spark, reference);
    }
    read.check(this);
    return read.files();
  }

  /** Sets the column of the texts. Default: text. */
  public SwarmFormerClassifier setInputCol(String value) {
    set(inputCol(), value);
    return this;
  }

  /** Sets a column of token ids to score instead of texts. */
  public SwarmFormerClassifier setIdsCol(String value) {
    set(idsCol(), value);
    return this;
  }

  /** Names the new column of logits; empty leaves it out. */
  public SwarmFormerClassifier setRawPredictionCol(String value) {
    set(rawPredictionCol(), value);
    return this;
  }

  /** Names the new column of probabilities; empty leaves it out. */
  public SwarmFormerClassifier setProbabilityCol(String value) {
    set(probabilityCol(), value);
    return this;
  }

  /** Names the new column of the class; empty leaves it out. */
  public SwarmFormerClassifier setPredictionCol(String value) {
    set(predictionCol(), value);
    return this;
  }

  /** Names the new column of all that is predicted, and of errors; empty leaves it out. */
  public SwarmFormerClassifier setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  /** Sets the rows of a batch. */
  public SwarmFormerClassifier setBatchSize(int value) {
    set(batchSize(), value);
    return this;
  }

  /** Sets what to score with. */
  public SwarmFormerClassifier setModel(String value) {
    set(model(), value);
    return this;
  }

  /** Sets what to score with, by the name that it has in DJL. */
  public SwarmFormerClassifier setModelUrl(String value) {
    return setModel(value);
  }

  /** Sets where to compute: auto, cpu or cuda. */
  public SwarmFormerClassifier setDevice(String value) {
    set(device(), value);
    return this;
  }

  /** Sets the number format: auto, float32 or bfloat16. */
  public SwarmFormerClassifier setDtype(String value) {
    set(dtype(), value);
    return this;
  }

  /** Sets what the weights must hash to. */
  public SwarmFormerClassifier setModelSha256(String value) {
    set(modelSha256(), value);
    return this;
  }

  /** Sets what config.json must hash to. */
  public SwarmFormerClassifier setConfigSha256(String value) {
    set(configSha256(), value);
    return this;
  }

  /** Sets whether the model is saved with the stage. */
  public SwarmFormerClassifier setSaveWeights(boolean value) {
    set(saveWeights(), value);
    return this;
  }
}
