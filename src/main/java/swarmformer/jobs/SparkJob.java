package swarmformer.jobs;

import java.time.Instant;
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

  /** When the application was submitted, the same for all of its attempts. */
  static Instant submitted(SparkSession spark) {
    String time = spark.sparkContext().conf().get("spark.app.submitTime", "");
    return time.isEmpty() ? Instant.now() : Instant.ofEpochMilli(Long.parseLong(time));
  }

  /** Opens Spark with some settings of a program's own, too. */
  static SparkSession open(String name, Map<String, Object> settings) {
    return open(SparkSession.builder().config(settings), name);
  }

  /** Opens Spark with further settings, unless the user has set them. */
  static SparkSession openWithDefaults(String name, Map<String, String> defaults) {
    SparkSession.Builder builder = SparkSession.builder();
    SparkConf given = new SparkConf();
    defaults.forEach(
        (key, value) -> {
          if (!given.contains(key)) {
            builder.config(key, value);
          }
        });
    return open(builder, name);
  }

  private static SparkSession open(SparkSession.Builder builder, String name) {
    return builder
        .appName("swarmformer " + name)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.legacy.javaCharsets", "true") // --option encoding=windows-1252
        .getOrCreate();
  }
}
