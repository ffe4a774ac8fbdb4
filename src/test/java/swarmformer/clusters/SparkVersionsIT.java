package swarmformer.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import swarmformer.jobs.Script;

/**
 * The jar that was built, on the versions of Spark that it is for, or on those that {@code
 * -Dswarmformer.sparks} names; by this Java, or the one in the directory {@code
 * -Dswarmformer.java}.
 */
@Tag("clusters")
class SparkVersionsIT {
  private static final Path HOME = Script.projectHome();
  private static final String VERSIONS = "4.0.1,4.0.5,4.1.4,4.2.1,4.3.0";
  private static final String JAVA =
      System.getProperty("swarmformer.java", System.getProperty("java.home"));
  private static final String OLD_VERSION = "3.5.9";

  @TempDir Path folder;

  static Stream<String> versions() {
    return Stream.of(System.getProperty("swarmformer.sparks", VERSIONS).split(","));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void scoresEvaluatesAndKeepsNights(String version) throws Exception {
    String input = HOME.resolve("samples/reviews.csv").toString();
    assertThat(succeeds(version, "score", "--input", input, "--output", "scores", "--run-id", "r"))
        .contains("Scored 305 of 310 texts");
    assertThat(succeeds(version, "evaluate", "--predictions", "scores"))
        .contains("Evaluated 305 of 310 rows");
    for (String date : List.of("2026-11-01", "2026-11-02")) {
      String night =
          succeeds(version, "score-nightly", "--input", input, "--store", "nights", "--date", date);
      assertThat(night).contains("Night " + date + ": 310 rows");
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void scoresByStageSqlAndStream(String version) throws Exception {
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Files.copy(HOME.resolve("samples/reviews.parquet"), texts.resolve("reviews.parquet"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(JAVA, "bin/java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1"));
    command.add("-Dlog4j2.configurationFile=" + HOME.resolve("conf/log4j2.properties").toUri());
    String spark = Engines.fetch("spark", version).resolve("jars") + "/*";
    command.addAll(List.of("-cp", String.join(":", spark, built("jar"), built("natives-cpu.jar"))));
    command.add(Engines.program("spark", "WaysIn").toString());
    command.addAll(List.of(texts.toString(), folder.toString()));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("err"))).isZero();
    assertThat(out.lines()).containsExactly("stage 305", "SQL 305", "stream 305");
  }

  @Test
  void refusesOtherVersions() throws Exception {
    Script.Ended ended =
        run(OLD_VERSION, "score", "--input", "samples/reviews.csv", "--output", "scores");
    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.err()).contains(OLD_VERSION).doesNotContain("\tat ");
  }

  private String succeeds(String version, String job, String... options) throws Exception {
    Script.Ended ended = run(version, job, options);
    ended.assertDone();
    return ended.out();
  }

  private Script.Ended run(String version, String job, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--conf-file", HOME.resolve("conf/spark-defaults.conf").toString()));
    String spark = Engines.fetch("spark", version).toString();
    return new Script(HOME, folder, Map.of("SPARK_HOME", spark, "JAVA_HOME", JAVA))
        .run(job, arguments.toArray(String[]::new));
  }

  /** The jar of the project whose name ends so. */
  private static String built(String end) throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve("target"))) {
      return files
          .map(Path::toString)
          .filter(file -> file.matches(".*/swarmformer-spark-[0-9.]+[-.]" + end))
          .findFirst()
          .orElseThrow();
    }
  }
}
