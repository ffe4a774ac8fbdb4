package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.deploy.SparkSubmitArguments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.jdk.javaapi.CollectionConverters;
import swarmformer.errors.ErrorCode;

class SubmitIT {
  private static final Path HOME = Script.projectHome();

  @TempDir Path folder;

  @Test
  void callsTheSparkThatIsInstalled() throws Exception {
    Path spark = installSpark();
    Script script = new Script(HOME, folder, Map.of("SPARK_HOME", spark.toString()));
    Script.Ended ended = script.score("--help", "--", "--conf", "spark.ui.enabled=false");
    ended.assertDone();
    assertThat(ended.out()).contains("Usage: jobs/score.sh").contains("--on-bad-row");
    assertThat(Files.readAllLines(spark.resolve("arguments")))
        .startsWith("--class", "swarmformer.jobs.Score")
        .contains("--jars")
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
            "--dtype",
            "float32",
            "--",
            "--master",
            "local[2]",
            "--conf",
            "spark.ui.enabled=false",
            "--conf",
            "spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1",
            "--conf",
            "spark.sql.shuffle.partitions=2");
    ended.assertDone();
    assertThat(ended.err()).doesNotContain(" INFO ", " WARN ");
  }

  /** Spark's launcher splits SPARK_SUBMIT_OPTS at spaces. */
  @Test
  void runsInADirectoryWithASpace() throws Exception {
    Path clone = cloneBuilt("my clone");
    Map<String, String> installed = Map.of("SPARK_HOME", installSpark().toString());
    for (Map<String, String> environment : List.of(installed, Map.<String, String>of())) {
      Script.Ended ended = new Script(clone, folder, environment).score("--help");
      ended.assertDone();
      assertThat(ended.out()).startsWith("Usage: jobs/score.sh");
      assertThat(ended.err()).doesNotContain("ERROR");
    }
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
    Path own =
        Files.writeString(folder.resolve("own"), "spark.driver.extraJavaOptions=-Xss2m -Xmn9m");
    assertThat(script.run("train", "--help", "--", "--properties-file", own.toString()).out())
        .contains("-XX:ThreadStackSize=2048", "-XX:MaxNewSize=9437184")
        .doesNotContain("TransparentHugePages");
  }

  /** Java on macOS does not start with an option that it does not know. */
  @Test
  void asksForHugePagesOfLinuxAlone() throws Exception {
    Path uname = Shell.in(folder).program("uname", "echo Darwin");
    Map<String, String> mac =
        Map.of(
            "PATH",
            uname.getParent() + ":" + System.getenv("PATH"),
            "SPARK_SUBMIT_OPTS",
            "-XX:+PrintCommandLineFlags");
    Script.Ended ended = new Script(HOME, folder, mac).run("train", "--help");
    ended.assertDone();
    assertThat(ended.out()).doesNotContain("TransparentHugePages", "TieredStopAtLevel");
  }

  /** Spark takes --jars and --files instead of the settings of these names. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spark.jars=/u/a.jar | '' | '' | a.jar",
        "'# spark.jars /u/x.jar;spark.jars /u/a.jar,\\;  /u/b.jar' | '' | '' | a.jar,b.jar",
        "spark.jars /u/a.jar | spark.jars.excludes=a:b | '' | a.jar",
        "spark.jars /u/a.jar | spark.jars : /u/b.jar | '' | b.jar",
        "spark.jars /u/a.jar | spark.jars /u/b.jar | --conf spark.jars=/u/c.jar | c.jar",
        "spark.jars /u/a.jar | spark.jars /u/b.jar | --properties-file own | o.jar",
        "spark.jars /u/a.jar | '' | --jars /u/d.jar --jars=/u/e.jar | e.jar",
      })
  void addsItsJarsToThoseOfTheUser(String defaults, String file, String options, String jars)
      throws Exception {
    Files.writeString(folder.resolve("own"), "spark.jars=/u/o.jar");
    assertThat(names(submitted(defaults, file, options).jars()))
        .matches(jars + ",swarmformer-spark-.*-natives-cpu\\.jar");
    assertThat(
            names(
                submitted(
                        defaults.replace("jars", "files"),
                        "spark.executor.resource.gpu.discoveryScript ./discover-gpus.sh;"
                            + file.replace("jars", "files"),
                        options
                            .replace("jars", "files")
                            .replace("--properties-file own", "--conf spark.files=/u/o.jar"))
                    .files()))
        .isEqualTo(jars + ",discover-gpus.sh");
  }

  @Test
  void leavesSettingsOfTheUserAsTheyAre() throws Exception {
    scala.collection.Map<String, String> settings =
        submitted("spark.yarn.maxAppAttempts 2", "spark.executorEnv.LC_ALL=de_DE.UTF-8", "--name n")
            .sparkProperties();
    assertThat(settings.apply("spark.yarn.maxAppAttempts")).isEqualTo("2");
    assertThat(settings.apply("spark.executorEnv.LC_ALL")).isEqualTo("de_DE.UTF-8");
    assertThat(settings.apply("spark.yarn.appMasterEnv.LC_ALL")).isEqualTo("C.UTF-8");
  }

  private static String names(String files) {
    return files.replaceAll("[^,]*/", "");
  }

  /** What an installed Spark understands, given its defaults, a file of settings and options. */
  private SparkSubmitArguments submitted(String defaults, String file, String options)
      throws Exception {
    Shell.in(folder).program("spark-submit", "printf '%s\\n' \"$@\"");
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(conf.resolve("spark-defaults.conf"), defaults.replace(';', '\n'));
    List<String> words = new ArrayList<>();
    if (!file.isEmpty()) {
      Path settings = Files.writeString(folder.resolve("file"), file.replace(';', '\n'));
      words.addAll(List.of("--conf-file", settings.toString()));
    }
    words.addAll(List.of(("-- " + options.replace("own", folder + "/own")).strip().split(" ")));
    Script script = new Script(HOME, folder, Map.of("SPARK_HOME", folder.toString()));
    Script.Ended ended = script.score(words.toArray(String[]::new));
    ended.assertDone();
    return new SparkSubmitArguments(
        CollectionConverters.asScala(ended.out().lines().toList()).toSeq(),
        new scala.collection.immutable.Map.Map1<>("SPARK_CONF_DIR", conf.toString()));
  }

  /** A build leaves POMs without jars in the local Maven repository, which Spark asks first. */
  @ParameterizedTest
  @CsvSource({
    "'', '', false",
    "--packages a:b:1, '', true",
    "--conf spark.jars.packages=a:b:1, '', true",
    "'', spark.jars.packages a:b:1, true",
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
    assertThat(
            script
                .score(words)
                .out()
                .contains("ivySettings=file:" + HOME + "/conf/ivysettings.xml"))
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
    Path clone = cloneProject("clone");
    assertThat(new Script(clone, folder, Map.of()).score("--help"))
        .isEqualTo(
            new Script.Ended(
                2,
                "",
                "The project is not built: run ./mvnw -DskipTests package in %s first.\n"
                    .formatted(clone)));
  }

  @Test
  void namesTheSettingsOfPackagesAlsoInADirectoryWithASpace() throws Exception {
    Path clone = cloneBuilt("my clone");
    Shell.in(folder).program("spark-submit", "printf '%s\\n' \"$@\"");
    Script.Ended ended =
        new Script(clone, folder, Map.of("SPARK_HOME", folder.toString()))
            .score("--", "--packages", "a:b:1");
    String setting = "spark.jars.ivySettings=";
    String path =
        ended.out().lines().filter(line -> line.startsWith(setting)).findFirst().orElseThrow();
    assertThat(Path.of(URI.create(path.substring(setting.length())))).isRegularFile();
  }

  /** As after an upgrade without {@code clean}. */
  @Test
  void refusesToChooseAmongVersions() throws Exception {
    Path clone = cloneBuilt("clone");
    Files.createFile(clone.resolve("target/swarmformer-spark-9.9.9.jar"));
    Files.createFile(clone.resolve("target/swarmformer-spark-9.9.9-sources.jar"));
    Script.Ended ended = new Script(clone, folder, Map.of()).score("--help");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("There are several versions in " + clone + "/target: remove all but one of\n")
        .contains("swarmformer-spark-9.9.9.jar")
        .doesNotContain("sources");
  }

  @Test
  void saysWhyJavaDoesNotStart() throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/usr/bin/env bash\necho 'Unrecognized VM option' >&2\nexit 1\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Script script = new Script(HOME, folder, Map.of("JAVA_HOME", folder.resolve("jdk").toString()));
    assertThat(script.score("--help"))
        .isEqualTo(new Script.Ended(2, "", java + " does not start: Unrecognized VM option\n"));
  }

  /** Executors elsewhere could not reach a driver that calls itself localhost. */
  @ParameterizedTest
  @CsvSource({
    "'', localhost, 127.0.0.1",
    "--master local[2], localhost, 127.0.0.1",
    "--conf spark.driver.host=me, me, ''",
    "--conf spark.driver.bindAddress=0.0.0.0, localhost, 0.0.0.0",
    "--conf spark.driver.bindAddress=10.0.0.5, 10.0.0.5, 10.0.0.5",
    "--conf spark.driver.bindAddress=127.0.0.1, 127.0.0.1, 127.0.0.1",
    "--master spark://there:7077, '', ''",
    "--conf spark.master=spark://there:7077, '', ''",
  })
  void bindsTheDriverToThisMachineOnlyWhereItIsAll(String options, String host, String address)
      throws Exception {
    scala.collection.Map<String, String> settings =
        submitted("", "", ("--name n " + options).strip()).sparkProperties();
    assertThat(settings.getOrElse("spark.driver.host", () -> "")).isEqualTo(host);
    assertThat(settings.getOrElse("spark.driver.bindAddress", () -> "")).isEqualTo(address);
  }

  @Test
  void saysThatTheNativesAreMissing() throws Exception {
    Path clone = cloneBuilt("clone");
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
  private Path cloneProject(String name) throws IOException {
    Path clone = Files.createDirectory(folder.resolve(name));
    Files.createDirectory(clone.resolve("jobs"));
    for (String script : List.of("score.sh", "submit.sh")) {
      Files.copy(HOME.resolve("jobs").resolve(script), clone.resolve("jobs").resolve(script));
    }
    link(clone, "conf");
    return clone;
  }

  /** The same with what was built, without the natives. */
  private Path cloneBuilt(String name) throws IOException {
    Path clone = cloneProject(name);
    Files.createDirectory(clone.resolve("target"));
    link(clone, "target/runtime");
    try (Stream<Path> built = Files.list(HOME.resolve("target"))) {
      for (Path jar : built.filter(SubmitIT::isClusterJar).toList()) {
        link(clone, "target/" + jar.getFileName());
      }
    }
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
