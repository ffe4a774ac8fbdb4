package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.errors.ErrorCode;

class SubmitIT {
  private static final Path HOME = Script.projectHome();

  @TempDir Path folder;

  @Test
  void callsTheSparkThatIsInstalled() throws Exception {
    Path spark = installSpark();
    Script script = new Script(HOME, folder, Map.of("SPARK_HOME", spark.toString()));
    Script.Ended ended = script.score("--help", "--", "--conf", "spark.ui.enabled=false");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("Usage: jobs/score.sh").contains("--on-bad-row");
    assertThat(Files.readAllLines(spark.resolve("arguments")))
        .startsWith("--class", "swarmformer.jobs.Score", "--jars")
        .containsSequence("--conf", "spark.ui.enabled=false")
        .endsWith("--help");
  }

  @Test
  void keepsTheConsoleQuietOnASparkWithoutLogSettings() throws Exception {
    Script script = new Script(HOME, folder, Map.of("SPARK_HOME", installSpark().toString()));
    Script.Ended ended =
        script.score(
            "--input",
            HOME.resolve("samples/reviews.csv").toString(),
            "--output",
            folder.resolve("out").toString(),
            "--",
            "--master",
            "local[2]",
            "--conf",
            "spark.ui.enabled=false");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).doesNotContain(" INFO ", " WARN ");
  }

  /** A training fits vectors in Java, which takes the fast compiler several times as long. */
  @Test
  void onlyTrainingIsCompiledToTheUtmost() throws Exception {
    Script script =
        new Script(HOME, folder, Map.of("SPARK_SUBMIT_OPTS", "-XX:+PrintCommandLineFlags"));
    assertThat(script.score("--help").out()).contains("-XX:TieredStopAtLevel=1");
    assertThat(script.run("train", "--help").out())
        .contains("-XX:+UseTransparentHugePages")
        .doesNotContain("TieredStopAtLevel");
    assertThat(
            script
                .run("train", "--help", "--", "--conf", "spark.driver.extraJavaOptions=-Xss2m")
                .out())
        .contains("-XX:ThreadStackSize=2048")
        .doesNotContain("TransparentHugePages");
  }

  /** A build leaves POMs without jars in the local Maven repository, which Spark asks first. */
  @ParameterizedTest
  @CsvSource({
    "'', '', false",
    "--packages a:b:1, '', true",
    "--conf spark.jars.packages=a:b:1, '', true",
    "--packages a:b:1 --conf spark.jars.ivySettings=own.xml, '', false",
    "--packages a:b:1, spark.jars.ivySettings own.xml, false",
    "--packages a:b:1 --master k8s://https://host, '', false"
  })
  void looksForPackagesPastBrokenLocalOnes(String options, String defaults, boolean settings)
      throws Exception {
    Shell.in(folder).program("spark-submit", "printf '%s\\n' \"$@\"");
    Files.writeString(
        Files.createDirectory(folder.resolve("conf")).resolve("spark-defaults.conf"), defaults);
    Script script = new Script(HOME, folder, Map.of("SPARK_HOME", folder.toString()));
    String[] words = ("-- " + options).strip().split(" ");
    assertThat(script.score(words).out().contains("ivySettings=" + HOME + "/conf/ivysettings.xml"))
        .isEqualTo(settings);
    assertThat(HOME.resolve("conf/ivysettings.xml")).exists();
  }

  @Test
  void saysThatThereIsNoSparkWhereSparkHomePoints() throws Exception {
    Script script = new Script(HOME, folder, Map.of("SPARK_HOME", "/nowhere"));
    assertThat(script.score("--help"))
        .isEqualTo(
            new Script.Ended(
                2,
                "",
                "There is no /nowhere/bin/spark-submit: correct SPARK_HOME, or unset it.\n"));
  }

  @Test
  void saysThatTheProjectIsNotBuilt() throws Exception {
    Path clone = cloneProject();
    assertThat(new Script(clone, folder, Map.of()).score("--help"))
        .isEqualTo(
            new Script.Ended(
                2,
                "",
                "The project is not built: run ./mvnw -DskipTests package in %s first.\n"
                    .formatted(clone)));
  }

  @Test
  void saysThatTheNativesAreMissing() throws Exception {
    Path clone = cloneProject();
    Files.createDirectory(clone.resolve("target"));
    link(clone, "target/runtime");
    try (Stream<Path> built = Files.list(HOME.resolve("target"))) {
      for (Path jar : built.filter(SubmitIT::isClusterJar).toList()) {
        link(clone, "target/" + jar.getFileName());
      }
    }
    Script.Ended ended =
        new Script(clone, folder, Map.of())
            .score("--input", HOME.resolve("samples/reviews.csv").toString(), "--output", "here");
    assertThat(ended.code()).as(ended.err()).isEqualTo(ErrorCode.DEVICE.exitCode());
    assertThat(ended.err())
        .hasLineCount(1)
        .startsWith("Cannot load PyTorch: ")
        .contains("natives")
        .doesNotContain("\tat ");
    assertThat(folder.resolve("here")).isEmptyDirectory();
  }

  @Test
  void hasScriptsThatAShellUnderstands() throws Exception {
    try (Stream<Path> scripts = Files.list(HOME.resolve("jobs"))) {
      for (Path script : scripts.filter(Files::isRegularFile).toList()) {
        assertThat(output("bash", "-n", script.toString())).as(script.toString()).isEmpty();
      }
    }
  }

  private static boolean isClusterJar(Path file) {
    return file.getFileName().toString().matches("swarmformer-spark-[0-9.]+(-SNAPSHOT)?\\.jar");
  }

  /** The scripts and settings of the project, without what was built. */
  private Path cloneProject() throws IOException {
    Path clone = Files.createDirectory(folder.resolve("clone"));
    Files.createDirectory(clone.resolve("jobs"));
    for (String script : List.of("score.sh", "submit.sh")) {
      Files.copy(HOME.resolve("jobs").resolve(script), clone.resolve("jobs").resolve(script));
    }
    link(clone, "conf");
    return clone;
  }

  private static void link(Path clone, String path) throws IOException {
    Files.createSymbolicLink(clone.resolve(path), HOME.resolve(path));
  }

  /** A SPARK_HOME that notes what its spark-submit is called with, and then does it. */
  private Path installSpark() throws IOException {
    Path spark = Files.createDirectories(folder.resolve("spark/bin")).getParent();
    Files.createSymbolicLink(spark.resolve("jars"), HOME.resolve("target/runtime/jars"));
    Path submit = spark.resolve("bin/spark-submit");
    Files.writeString(
        submit,
        """
        #!/usr/bin/env bash
        export SPARK_SCALA_VERSION=2.13
        printf '%s\\n' "$@" > "$SPARK_HOME/arguments"
        while IFS= read -r -d '' word; do
          word=${word#$'\\n'}
          [[ -z $word ]] || command+=("$word")
        done < <(java -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \\
          org.apache.spark.deploy.SparkSubmit "$@")
        exec "${command[@]}"
        """);
    Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwxr-xr-x"));
    return spark;
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
