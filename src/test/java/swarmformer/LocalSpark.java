package swarmformer;

import org.apache.spark.sql.SparkSession;

/** One Spark in this JVM with two task slots, for tests that look at datasets. */
public final class LocalSpark {
  private LocalSpark() {}

  /** The session, opened on first use. */
  public static SparkSession session() {
    return builder()
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.legacy.json.allowEmptyString.enabled", "true")
        .config("spark.sql.legacy.javaCharsets", "true")
        .config("spark.sql.legacy.codingErrorAction", "true")
        .getOrCreate();
  }

  /** What each session of the tests needs, for those with settings of their own. */
  public static SparkSession.Builder builder() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("test")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1");
  }
}
