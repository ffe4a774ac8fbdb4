package swarmformer.scoring;

import static org.apache.spark.sql.functions.col;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Texts;
import swarmformer.errors.DeviceException;
import swarmformer.model.Precision;
import swarmformer.tokens.TokenizerKind;

/**
 * A model that the executors have for as long as the Spark application lives: datasets that were
 * made with it may be computed at any time. There is one for each content, however often and by
 * whatever name it is asked for.
 */
public final class SharedModel {
  /** Rows of a batch, where the function is scored in batches. */
  private static final int BATCH_SIZE = 256;

  private static final Map<Content, SharedModel> SHARED = new HashMap<>();

  private record Content(SparkContext application, String sha256, String config) {}

  private record Choice(String device, String dtype) {}

  private final SparkSession spark;
  private final BroadcastModel model;
  private final LongAccumulator done;
  private final Map<Choice, Precision> precisions = new HashMap<>();

  private SharedModel(SparkSession spark, ModelFiles model) {
    this.spark = spark;
    this.model = BroadcastModel.of(spark, model);
    this.done = Progress.counter(spark);
  }

  /** Hands a model that was checked to the executors, unless they have it. */
  public static SharedModel of(SparkSession spark, ModelFiles model) {
    Content content = new Content(spark.sparkContext(), model.sha256(), model.configText());
    synchronized (SHARED) {
      SHARED.keySet().removeIf(other -> other.application().isStopped());
      return SHARED.computeIfAbsent(content, absent -> new SharedModel(spark, model));
    }
  }

  /**
   * How to score, on devices that the executors have. They are asked once for each choice.
   *
   * @param device {@code auto}, {@code cpu} or {@code cuda}
   * @param dtype {@code auto}, {@code float32} or {@code bfloat16}
   * @throws DeviceException if an executor cannot use the device, with its reason
   */
  public synchronized ScoringSettings settings(
      String device, String dtype, int batchSize, boolean idsGiven) {
    Precision precision =
        precisions.computeIfAbsent(
            new Choice(device, dtype),
            absent -> {
              DeviceCheck.run(spark, device);
              return Bfloat16Check.precision(spark, model.files(), device, dtype);
            });
    return settings(device, dtype, precision, batchSize, idsGiven);
  }

  private static ScoringSettings settings(
      String device, String dtype, Precision precision, int batchSize, boolean idsGiven) {
    return new ScoringSettings(
        device,
        1,
        dtype,
        precision,
        0,
        batchSize,
        0,
        TokenizerKind.FAST,
        idsGiven,
        EmittedIds.NONE,
        false);
  }

  /**
   * Scores rows where they are, lazily: what they carry, and the columns of {@link
   * PredictionColumns}. Partitions, the order in them and types stay: the rows that an executor
   * sees have lost the collations of their texts.
   */
  public Dataset<Row> score(Texts texts, ScoringSettings settings) {
    Dataset<Row> scored = model.score(texts, settings, done, Optional.empty());
    StructType types = scored.schema();
    for (StructField carried :
        List.of(texts.rows().schema().fields()).subList(0, texts.carried())) {
      if (!types.apply(carried.name()).dataType().equals(carried.dataType())) {
        scored = scored.withColumn(carried.name(), col(carried.name()).cast(carried.dataType()));
      }
    }
    return scored;
  }

  /**
   * Scores single texts, without asking the executors anything before.
   *
   * @param device {@code auto}, {@code cpu} or {@code cuda}
   * @param dtype {@code float32} or {@code bfloat16}
   */
  public TextFunction textFunction(String device, String dtype) {
    Precision precision = dtype.equals("bfloat16") ? Precision.BFLOAT16 : Precision.FLOAT32;
    return new TextFunction(model, settings(device, dtype, precision, BATCH_SIZE, false));
  }
}
