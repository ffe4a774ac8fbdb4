package swarmformer.jobs;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The Spark session of a program. */
final class SparkJob {
  private SparkJob() {}

  /** Opens Spark with what every program of ours relies on. */
  static SparkSession open(String name) {
    return open(name, Map.of());
  }

  /** Opens Spark with some settings of a program's own, too. */
  static SparkSession open(String name, Map<String, Object> settings) {
    return SparkSession.builder()
        .appName("swarmformer " + name)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.legacy.javaCharsets", "true") // --option encoding=windows-1252
        .config(settings)
        .getOrCreate();
  }
}
