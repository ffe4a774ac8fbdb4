package swarmformer.scoring;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.cluster.Capacity;
import swarmformer.data.InputSize;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Texts;

/** Scores data sets with one model, which is handed to the executors once. */
public final class ScoreRows {
  /** Error of a row that the memory of its device did not suffice for, alone. */
  public static final String OUT_OF_MEMORY = "out of device memory";

  private final SparkSession spark;
  private final ScoringSettings settings;
  private final BroadcastModel model;
  private final LongAccumulator done;

  /** Hands a model that was checked to the executors. */
  public ScoreRows(SparkSession spark, ModelFiles model, ScoringSettings settings) {
    this.spark = spark;
    this.settings = settings;
    this.model = BroadcastModel.of(spark, model);
    this.done = spark.sparkContext().longAccumulator("texts scored");
  }

  /**
   * Scores texts, lazily: what they carry, and the columns of {@link PredictionColumns}.
   *
   * @param size of the texts
   * @param log notes what the batches took
   */
  public Dataset<Row> score(Texts texts, InputSize size, BatchLog log) {
    Texts spread = new Texts(texts.name(), spread(texts, size));
    return ScorePartition.score(spread, model, settings, done, Optional.of(log));
  }

  /** Shows how many of all rows to score are done, until it is closed. */
  public Progress showProgress(InputSize size) {
    return Progress.show(spark.sparkContext(), done, size);
  }

  /**
   * Spreads rows evenly over partitions, however often one of them occurs. Spark sorts rows before
   * it deals them out, so that a partition that is computed again after a failure holds the same
   * rows.
   */
  private Dataset<Row> spread(Texts texts, InputSize size) {
    int wanted = partitions(size);
    boolean asFound =
        wanted == Partitions.AS_FOUND
            || (isSplit(size) && FileSplits.partitions(texts.rows()) >= wanted);
    return asFound ? texts.rows() : texts.rows().repartition(wanted);
  }

  private int partitions(InputSize size) {
    return settings.partitions() > 0
        ? settings.partitions()
        : Partitions.suiting(size, Capacity.of(spark), settings.batchSize());
  }

  private boolean isSplit(InputSize size) {
    return size.bytes() > 0 && settings.partitions() == 0;
  }

  /** Lets files be cut into as many pieces as there should be partitions, until it is closed. */
  FileSplits splitFiles(InputSize size) {
    int wanted = partitions(size);
    return isSplit(size) && wanted != Partitions.AS_FOUND
        ? FileSplits.of(spark, size.bytes() / wanted + 1)
        : FileSplits.asTheyAre(spark);
  }
}
