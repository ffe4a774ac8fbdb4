package swarmformer.scoring;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The size of the pieces that Spark cuts files into, set for the time of a job. */
final class FileSplits implements AutoCloseable {
  private static final String SETTING = "spark.sql.files.maxPartitionBytes";

  private final SparkSession spark;
  private final String before;

  private FileSplits(SparkSession spark) {
    this.spark = spark;
    this.before = spark.conf().get(SETTING);
  }

  /** Cuts files into pieces of at most so many bytes, until it is closed. */
  static FileSplits of(SparkSession spark, long bytes) {
    FileSplits splits = new FileSplits(spark);
    spark.conf().set(SETTING, bytes);
    return splits;
  }

  /** Leaves the size as it is. */
  static FileSplits asTheyAre(SparkSession spark) {
    return new FileSplits(spark);
  }

  /**
   * The number of partitions that rows have with the size that is set; files may not be cut at all.
   */
  static int partitions(Dataset<Row> rows) {
    return rows.select("*").rdd().getNumPartitions();
  }

  @Override
  public void close() {
    spark.conf().set(SETTING, before);
  }
}
