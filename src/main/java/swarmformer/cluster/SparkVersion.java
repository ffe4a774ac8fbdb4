package swarmformer.cluster;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import scala.util.Properties;

/**
 * A version of Spark, which vendors may have added to, as in {@code 4.0.1-amzn-0}.
 *
 * @param text as Spark tells it
 * @param scala the version of Scala that it was built with
 */
public record SparkVersion(String text, String scala) {
  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

  /** 4.0.0 has other constructors of MLlib's params. */
  private static final Pattern SUPPORTED = Pattern.compile("4\\.0\\.[1-9]\\d*|4\\.[123]\\.\\d+");

  /** The one that runs. */
  public static SparkVersion running() {
    return new SparkVersion(
        org.apache.spark.package$.MODULE$.SPARK_VERSION(), Properties.versionNumberString());
  }

  /**
   * Refuses to run where the running Spark is another than this project is made for.
   *
   * @throws UnsupportedSparkException if it is
   */
  public static void check() {
    running().checkSupported();
  }

  void checkSupported() {
    Matcher numbers = NUMBERS.matcher(text);
    boolean known = numbers.lookingAt() && SUPPORTED.matcher(numbers.group()).matches();
    if (!known || !scala.startsWith("2.13.")) {
      throw new UnsupportedSparkException(
          "Cannot run on Spark %s with Scala %s: swarmformer-spark needs Spark 4.0.1 or a later 4.0, 4.1, 4.2 or 4.3, with Scala 2.13. Set SPARK_HOME to one of them."
              .formatted(text, scala));
    }
  }

  /** The line of releases that it belongs to, as {@code 4.1}. */
  public String line() {
    Matcher numbers = NUMBERS.matcher(text);
    return numbers.lookingAt() ? numbers.group(1) + "." + numbers.group(2) : text;
  }
}
