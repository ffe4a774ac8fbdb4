package swarmformer.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.internal.config.ConfigEntry$;

/** The settings that this Spark knows, by its own register. */
final class SparkSettings {
  /** What registers settings when it is loaded. */
  private static final List<String> REGISTERS =
      List.of(
          "org.apache.spark.internal.config.package$",
          "org.apache.spark.internal.config.Deploy$",
          "org.apache.spark.internal.config.UI$",
          "org.apache.spark.internal.config.Worker$",
          "org.apache.spark.sql.internal.SQLConf$",
          "org.apache.spark.sql.internal.StaticSQLConf$",
          "org.apache.spark.deploy.k8s.Config$");

  /** What Spark reads without a register, by its documentation; the rest of the name is free. */
  private static final Pattern UNREGISTERED =
      Pattern.compile(
          "spark\\.master|spark\\.swarmformer\\.warm"
              + "|spark\\.executorEnv\\.[A-Z_]+"
              + "|spark\\.(worker|driver|executor|task)\\.resource\\.gpu\\.(amount|vendor|discoveryScript)"
              + "|spark\\.kubernetes\\.(driver|executor)\\.(annotation|node\\.selector)\\..+"
              + "|spark\\.metrics\\.conf\\.(driver|executor)\\.sink\\.[a-zA-Z]+\\.(class|path|host|port)");

  /**
   * What is about classes of jars that are not here. A test of the profile clusters runs with it.
   */
  private static final Set<String> OF_OTHER_JARS =
      Set.of(
          "spark.sql.sources.commitProtocolClass",
          "spark.sql.parquet.output.committer.class",
          "spark.hadoop.fs.s3a.committer.name");

  /** A setting, or one that a comment offers. */
  private static final Pattern LINE = Pattern.compile("#?\\s*(spark\\.\\S+)\\s+(\\S.*)");

  private SparkSettings() {}

  /** Settings of a file, those in comments among them. */
  static Map<String, String> read(Path file) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        settings.put(matcher.group(1), matcher.group(2).strip());
      }
    }
    return settings;
  }

  /** What is wrong with settings: unknown names and values that Spark does not take. */
  static List<String> faults(Map<String, String> settings) {
    REGISTERS.forEach(SparkSettings::load);
    return settings.entrySet().stream()
        .flatMap(setting -> fault(setting.getKey(), setting.getValue()))
        .toList();
  }

  private static Stream<String> fault(String name, String value) {
    if (OF_OTHER_JARS.contains(name)) {
      return Stream.empty();
    }
    ConfigEntry<?> entry = ConfigEntry$.MODULE$.findEntry(name);
    if (entry == null) {
      return UNREGISTERED.matcher(name).matches() ? Stream.empty() : Stream.of(name + " unknown");
    }
    try {
      entry.valueConverter().apply(value);
      return Stream.empty();
    } catch (IllegalArgumentException e) {
      return Stream.of(name + ": " + e.getMessage());
    }
  }

  private static void load(String register) {
    try {
      Class.forName(register);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
