package swarmformer.scoring;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.cluster.Capacity;
import swarmformer.data.InputSize;
import swarmformer.data.Texts;

/**
 * How the rows of a job come into partitions, decided once. Until it is closed, Spark cuts files
 * into pieces of the size that this takes, where they can be cut.
 */
public final class Spread implements AutoCloseable {
  private static final String SETTING = "spark.sql.files.maxPartitionBytes";

  private final SparkSession spark;
  private final String before;
  private final int partitions;
  private final boolean cutsFiles;

  /** Decides for rows of a size. */
  public Spread(SparkSession spark, InputSize size, ScoringSettings settings) {
    this.spark = spark;
    this.before = spark.conf().get(SETTING);
    this.partitions =
        settings.partitions() > 0
            ? settings.partitions()
            : Partitions.suiting(size, Capacity.of(spark), settings.batchSize());
    this.cutsFiles =
        size.bytes() > 0 && settings.partitions() == 0 && partitions != Partitions.AS_FOUND;
    if (cutsFiles) {
      spark.conf().set(SETTING, size.bytes() / partitions + 1);
    }
  }

  /**
   * Spreads rows evenly, however often one of them occurs. Spark sorts rows before it deals them
   * out, so that a partition that is computed again after a failure holds the same rows.
   */
  public Texts over(Texts texts) {
    Dataset<Row> rows = texts.rows();
    boolean asFound =
        partitions == Partitions.AS_FOUND
            || (cutsFiles && rows.select("*").rdd().getNumPartitions() >= partitions);
    return asFound ? texts : new Texts(texts.name(), rows.repartition(partitions));
  }

  @Override
  public void close() {
    if (cutsFiles) {
      spark.conf().set(SETTING, before);
    }
  }
}
