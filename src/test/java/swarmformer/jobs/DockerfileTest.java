package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be known of the images without a container engine and the network. */
class DockerfileTest {
  private static final Path HOME = Script.projectHome();
  private static final Set<String> INSTRUCTIONS =
      Set.of("ARG", "FROM", "WORKDIR", "RUN", "COPY", "ENV", "USER");

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile", "Dockerfile.cpu"})
  void hasOnlyInstructionsThatExist(String name) throws Exception {
    assertThat(instructions(name).map(line -> line.split(" ", 2)[0])).isSubsetOf(INSTRUCTIONS);
    assertThat(instructions(name).findFirst().orElse("")).startsWith("ARG SPARK");
  }

  @ParameterizedTest
  @CsvSource({"Dockerfile, 3", "Dockerfile.cpu, 2"})
  void copiesWhatIsThereAndSentToTheBuilder(String name, int files) throws Exception {
    List<String> sent =
        Files.readAllLines(HOME.resolve("docker").resolve(name + ".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    List<String> copied =
        instructions(name)
            .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
            .map(line -> line.split(" "))
            .flatMap(words -> Stream.of(words).skip(1).limit(words.length - 2))
            .map(file -> file.replace("${VERSION}", version()))
            .toList();
    assertThat(copied).hasSize(files);
    for (String file : copied) {
      assertThat(sent)
          .as(file)
          .anyMatch(
              pattern ->
                  FileSystems.getDefault()
                      .getPathMatcher("glob:" + pattern)
                      .matches(Path.of(file)));
      assertThat(file.startsWith("target/") || Files.exists(HOME.resolve(file))).as(file).isTrue();
    }
  }

  @Test
  void laysFilesWhereTheSettingsLookForThem() throws Exception {
    String dockerfile = Files.readString(HOME.resolve("docker/Dockerfile"));
    assertThat(dockerfile).contains("ARG VERSION=" + version() + "\n");
    var settings = SparkSettings.read(HOME.resolve("conf/kubernetes-gpu.conf"));
    for (String name : List.of("LIBRARY_PATH", "VERSION", "FLAVOR")) {
      String setting = settings.get("spark.executorEnv.PYTORCH_" + name);
      assertThat(dockerfile).contains("PYTORCH_" + name + "=" + setting);
    }
    Path script = Path.of(settings.get("spark.executor.resource.gpu.discoveryScript"));
    assertThat(dockerfile)
        .contains("COPY conf/" + script.getFileName(), script.getParent() + "/\n");
    assertThat(Files.readString(HOME.resolve("jobs/schedulers/kubernetes-submit.sh")))
        .contains("local:///opt/swarmformer/swarmformer-spark.jar");
    for (String each :
        List.of(dockerfile, Files.readString(HOME.resolve("docker/Dockerfile.cpu")))) {
      assertThat(each).contains(" /opt/swarmformer/swarmformer-spark.jar\n");
    }
  }

  private static Stream<String> instructions(String name) throws IOException {
    return Files.readString(HOME.resolve("docker").resolve(name))
        .replaceAll("\\\\\n\\s*", "")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"));
  }

  private static String version() {
    try {
      return Files.readString(HOME.resolve("pom.xml"))
          .replaceAll(
              "(?s).*?<artifactId>swarmformer-spark</artifactId>\\s*<version>(.*?)<.*", "$1");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
