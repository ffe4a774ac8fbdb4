package swarmformer.scoring;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Texts;

/**
 * A model that was handed to the executors once. What is broadcast are the bytes of its weights,
 * because {@code spark.serializer} carries them and may not know any class of ours; the rest is
 * small and travels with each task.
 */
@SuppressWarnings("ArrayRecordComponent") // a file, never compared
public record BroadcastModel(String name, byte[] config, String sha256, Broadcast<byte[]> weights)
    implements Serializable {
  /**
   * Hands a model that was checked to the executors. They keep it until Spark's context cleaner
   * finds that nothing refers to this any more: {@code destroy} works in the background, and when
   * the session stops meanwhile, as by a kill, Spark prints a rejected task's stack trace.
   */
  public static BroadcastModel of(SparkSession spark, ModelFiles model) {
    Broadcast<byte[]> weights =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(model.weights());
    return new BroadcastModel(model.name(), model.config(), model.sha256(), weights);
  }

  /**
   * Scores texts, lazily: what they carry, and the columns of {@link PredictionColumns}. Partitions
   * and the order in them stay.
   *
   * @param progress counts scored rows, for a person to look at; retried tasks count twice
   * @param log notes what the batches took
   */
  public Dataset<Row> score(
      Texts texts, ScoringSettings settings, LongAccumulator progress, Optional<BatchLog> log) {
    StructField[] columns = texts.rows().schema().fields();
    StructType schema =
        PredictionColumns.addTo(
            new StructType(Arrays.copyOf(columns, texts.carried())),
            settings.emitted() != EmittedIds.NONE);
    return texts
        .rows()
        .mapPartitions(
            new ScoringFunction(this, settings, texts.carried(), progress, log),
            Encoders.row(schema));
  }

  /** The files, on an executor or the driver. */
  public ModelFiles files() {
    return new ModelFiles(name, config, weights.value(), sha256);
  }
}
