package swarmformer.jobs;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The Spark session of a program. */
final class SparkJob {
  private SparkJob() {}

  /** Opens Spark with what every program of ours relies on. */
  static SparkSession open(String name) {
    return open(name, Map.of());
  }

  /** Opens Spark with further settings, unless the user has set them. */
  static SparkSession open(String name, Map<String, String> settings) {
    SparkSession.Builder builder = SparkSession.builder();
    SparkConf given = new SparkConf();
    settings.forEach(
        (key, value) -> {
          if (!given.contains(key)) {
            builder.config(key, value);
          }
        });
    return builder
        .appName("swarmformer " + name)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.legacy.javaCharsets", "true") // --option encoding=windows-1252
        .getOrCreate();
  }
}
