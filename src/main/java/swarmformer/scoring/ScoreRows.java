package swarmformer.scoring;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import swarmformer.checkpoint.ModelFiles;
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
   * @param spread of the texts, not closed before they are scored
   * @param log notes what the batches took
   */
  public Dataset<Row> score(Texts texts, Spread spread, BatchLog log) {
    Texts spreadOut = new Texts(texts.name(), spread.rows(texts.rows()));
    return ScorePartition.score(spreadOut, model, settings, done, Optional.of(log));
  }

  /** Decides how rows come into partitions. */
  public Spread spread(InputSize size) {
    return new Spread(spark, size, settings);
  }

  /** Shows how many of all rows to score are done, until it is closed. */
  public Progress showProgress(InputSize size) {
    return Progress.show(spark.sparkContext(), done, size);
  }
}
