package swarmformer.scoring;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.cluster.Capacity;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Texts;

/** Scores data sets with one model, which is handed to the executors once. */
public final class ScoreRows {
  /** Column of what a batch took, null except in its first row. */
  public static final String BATCH = "batch";

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
   * Scores texts, lazily: what they carry, the columns of {@link PredictionColumns}, and {@value
   * #BATCH}.
   */
  public Dataset<Row> score(Texts texts) {
    return ScorePartition.score(spread(texts), model, settings, done);
  }

  /** Shows how many of all rows to score are done, until it is closed. */
  public Progress showProgress(long rows) {
    return Progress.show(spark.sparkContext(), done, rows);
  }

  /**
   * Spreads rows over partitions by their content, so that a partition that is computed again after
   * a failure holds the same rows.
   */
  private Dataset<Row> spread(Texts texts) {
    int wanted =
        settings.partitions() > 0
            ? settings.partitions()
            : Partitions.suiting(texts.counts(), Capacity.of(spark), settings.batchSize());
    return wanted == Partitions.AS_FOUND
        ? texts.rows()
        : texts.rows().repartition(wanted, xxhash64(col("id"), col(Texts.CONTENT)));
  }
}
