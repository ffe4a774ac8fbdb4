package swarmformer.jobs;

import org.apache.spark.sql.SparkSession;

/** The Spark session of a program. */
final class SparkJob {
  private SparkJob() {}

  /** Opens Spark with what every program of ours relies on. */
  static SparkSession open(String name) {
    return SparkSession.builder()
        .appName("swarmformer " + name)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.legacy.javaCharsets", "true") // --option encoding=windows-1252
        .getOrCreate();
  }
}
