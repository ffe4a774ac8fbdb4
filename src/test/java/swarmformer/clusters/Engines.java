package swarmformer.clusters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import swarmformer.jobs.Script;

/** What {@code src/test/engines/fetch.sh} fetches. */
final class Engines {
  /** The Spark that jobs run on where its version does not matter, with all parts of Spark. */
  static final String SPARK_VERSION = "4.1.4";

  private static final String QUICK_JAVA =
      "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote";

  /**
   * Settings with which a job starts in half of the time: of runs of seconds nothing else counts.
   */
  static final Map<String, String> QUICK_START =
      Map.of(
          "spark.driver.extraJavaOptions", QUICK_JAVA,
          "spark.executor.extraJavaOptions", QUICK_JAVA,
          "spark.sql.codegen.wholeStage", "false",
          "spark.sql.codegen.factoryMode", "NO_CODEGEN",
          "spark.ui.enabled", "false");

  private static final Path FOLDER = Script.projectHome().resolve("src/test/engines");

  private Engines() {}

  /** Where an engine lies, after it was fetched if it was not there. */
  static Path fetch(String... engine) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(Stream.of(FOLDER.resolve("fetch.sh").toString()), Stream.of(engine)).toList();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String place = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed: see standard error");
    }
    return Path.of(place.strip());
  }

  /** The SPARK_HOME of {@link #SPARK_VERSION}. */
  static Path spark() throws IOException, InterruptedException {
    return fetch("spark", SPARK_VERSION);
  }

  /** The class path of an engine's program; empty if it needs none. */
  static String jars(String engine) throws IOException, InterruptedException {
    return Files.exists(FOLDER.resolve(engine).resolve("pom.xml")) ? fetch(engine) + "/*" : "";
  }

  /** The source of the program that starts an engine, for {@code java} to compile and run. */
  static Path program(String engine, String name) {
    return FOLDER.resolve(engine).resolve(name + ".java");
  }
}
