package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be known of the images without building them. */
class DockerfileTest {
  private static final Path HOME = Script.projectHome();
  private static final Set<String> INSTRUCTIONS =
      Set.of("ARG", "FROM", "WORKDIR", "RUN", "COPY", "ENV", "USER");

  @Test
  void hasOnlyInstructionsThatExist() throws Exception {
    assertThat(instructions().map(line -> line.split(" ", 2)[0])).isSubsetOf(INSTRUCTIONS);
  }

  @Test
  void startsFromTheSparkOfTheBuild() throws Exception {
    assertThat(instructions().findFirst().orElse(""))
        .startsWith("ARG SPARK_IMAGE=apache/spark:" + property("spark.version") + "-scala2.13-");
    assertThat(Files.readString(HOME.resolve("docker/fetch-s3-jars.py")))
        .contains("HADOOP = \"" + property("hadoop.version") + "\"\n");
  }

  @Test
  void copiesWhatIsThereAndSentToTheBuilder() throws Exception {
    List<String> sent =
        Files.readAllLines(HOME.resolve("docker/Dockerfile.dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    List<String> copied =
        instructions()
            .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
            .map(line -> line.replaceAll(" --\\S+", "").split(" "))
            .flatMap(words -> Stream.of(words).skip(1).limit(words.length - 2))
            .map(file -> file.replace("${VERSION}", version()))
            .toList();
    assertThat(copied).hasSizeGreaterThan(5);
    for (String file : copied) {
      assertThat(sent).as(file).anyMatch(pattern -> matches(pattern, Path.of(file)));
      assertThat(file.startsWith("target/") || Files.exists(HOME.resolve(file))).as(file).isTrue();
    }
  }

  @Test
  void laysFilesWhereTheSettingsLookForThem() throws Exception {
    String dockerfile = dockerfile();
    assertThat(dockerfile.split("ARG VERSION=" + version() + "\n", -1)).hasSize(3);
    var settings = SparkSettings.read(HOME.resolve("conf/kubernetes-gpu.conf"));
    for (String name : List.of("LIBRARY_PATH", "VERSION", "FLAVOR")) {
      String setting = settings.get("spark.executorEnv.PYTORCH_" + name);
      assertThat(dockerfile).contains("PYTORCH_" + name + "=" + setting);
    }
    Path script = Path.of(settings.get("spark.executor.resource.gpu.discoveryScript"));
    assertThat(HOME.resolve("conf").resolve(script.getFileName())).isExecutable();
    assertThat(dockerfile).contains("COPY --chmod=755 conf " + script.getParent() + "\n");
    assertThat(Files.readString(HOME.resolve("jobs/schedulers/kubernetes-submit.sh")))
        .contains("local:///opt/swarmformer/swarmformer-spark.jar");
    assertThat(dockerfile).contains(" /opt/swarmformer/swarmformer-spark.jar\n");
  }

  /** Copied with the mode of a checkout whose umask is 027, a file is hidden from Spark's user. */
  @Test
  void makesAllFilesReadable() throws Exception {
    assertThat(instructions().filter(line -> line.startsWith("COPY ") && !line.contains("--from=")))
        .allMatch(line -> line.matches("COPY --chmod=(755|644) .*"));
  }

  /** Whether a pattern names a file or a directory above it. */
  private static boolean matches(String pattern, Path file) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    return Stream.iterate(file, Objects::nonNull, Path::getParent).anyMatch(matcher::matches);
  }

  private static Stream<String> instructions() throws IOException {
    return dockerfile()
        .replaceAll("\\\\\n\\s*", "")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"));
  }

  private static String dockerfile() throws IOException {
    return Files.readString(HOME.resolve("docker/Dockerfile"));
  }

  private static String version() {
    return pom("(?s).*?<artifactId>swarmformer-spark</artifactId>\\s*<version>(.*?)<.*");
  }

  private static String property(String name) {
    return pom("(?s).*?<" + name + ">(.*?)<.*");
  }

  private static String pom(String pattern) {
    try {
      return Files.readString(HOME.resolve("pom.xml")).replaceAll(pattern, "$1");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
