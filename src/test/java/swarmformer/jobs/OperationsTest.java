package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.deploy.SparkSubmitArguments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;
import scala.jdk.javaapi.CollectionConverters;

/** Commands in docs/operations.md and in the schedulers' files, as the programs understand them. */
class OperationsTest {
  private static final Path HOME = Script.projectHome();
  private static final Path SCHEDULERS = HOME.resolve("jobs/schedulers");
  private static final List<String> NIGHT =
      List.of("jobs/score-nightly.sh", "--date", "2026-11-01");

  @TempDir Path folder;

  @Test
  void showsCommandsThatTheProgramsTake() throws Exception {
    List<String> commands =
        matches("(?m)^(jobs/(?:score|score-nightly|doctor)\\.sh .*)$", page()).toList();
    assertThat(commands).hasSizeGreaterThan(4);
    for (String command : commands) {
      check(words(command));
    }
  }

  @Test
  void namesFilesThatAreThere() throws Exception {
    assertThat(matches("\\b((?:jobs|conf|docker)/[\\w./-]*\\w)", page()))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(HOME.resolve(file)).exists());
    assertThat(matches("`([\\w-]+\\.(?:py|yaml|service|timer|sh))`", page()))
        .hasSize(9)
        .allSatisfy(file -> assertThat(SCHEDULERS.resolve(file)).exists());
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark-application.yaml", "scheduled-spark-application.yaml"})
  void letsTheSparkOperatorStartNights(String file) throws Exception {
    Map<String, Map<?, ?>> yaml = new Yaml().load(Files.readString(SCHEDULERS.resolve(file)));
    Map<?, ?> spec = yaml.get("spec");
    Map<?, ?> application = spec.get("template") instanceof Map<?, ?> map ? map : spec;
    assertThat(application.get("mainClass")).isEqualTo(ScoreNightly.class.getName());
    List<String> command = new ArrayList<>(NIGHT.subList(0, 1));
    ((List<?>) application.get("arguments")).forEach(word -> command.add(word.toString()));
    check(command);
  }

  @Test
  void letsSystemdStartNights() throws Exception {
    String unit = read(SCHEDULERS.resolve("swarmformer-nightly.service"));
    String options = only("(?m)^ExecStart=\\S+nightly\\.sh \\d+ (.*)$", unit);
    check(words(String.join(" ", NIGHT) + " " + options));
  }

  @Test
  void letsAirflowStartNights() throws Exception {
    String dag = read(SCHEDULERS.resolve("swarmformer_nightly.py"));
    Stream<String> options = matches("\"([^\"]*)\"", only("(?s)\nOPTIONS = \\[(.*?)\\]", dag));
    check(Stream.concat(NIGHT.stream(), options).toList());
  }

  @Test
  void aCheckOfCommandsFindsMistakes() {
    assertThatThrownBy(() -> check(List.of("jobs/score.sh", "--inptu", "x")))
        .hasMessageContaining("--inptu");
    assertThatThrownBy(() -> check(List.of("jobs/score.sh", "--input", "x", "--", "--mode", "y")))
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("--mode");
    assertThatThrownBy(() -> check(List.of("jobs/score.sh", "--conf-file", "yarn")))
        .hasMessageContaining("yarn.conf");
  }

  private static void check(List<String> command) {
    int dashes = command.indexOf("--");
    int end = dashes < 0 ? command.size() : dashes;
    List<String> options = new ArrayList<>(command.subList(1, end));
    int file = options.indexOf("--conf-file");
    if (file >= 0) {
      options.remove(file);
      assertThat(HOME.resolve("conf/" + options.remove(file) + ".conf")).exists();
    }
    parse(program(command.get(0)), options);
    parseForSpark(dashes < 0 ? List.of() : command.subList(end + 1, command.size()));
  }

  private static Object program(String script) {
    return switch (script) {
      case "jobs/score.sh" -> new Score();
      case "jobs/score-nightly.sh" -> new ScoreNightly();
      case "jobs/doctor.sh" -> new Doctor();
      case "jobs/report-trend.sh" -> new ReportTrend();
      default -> throw new AssertionError(script);
    };
  }

  private static void parse(Object program, List<String> options) {
    CommandLine line = new CommandLine(program);
    line.setUnmatchedOptionsAllowedAsOptionParameters(false);
    assertThat(line.parseArgs(options.toArray(String[]::new)).errors()).isEmpty();
  }

  private static void parseForSpark(List<String> options) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("--class", "C", "swarmformer.jar"));
    SparkSubmitArguments understood =
        new SparkSubmitArguments(
            CollectionConverters.asScala(all).toSeq(),
            scala.collection.immutable.Map$.MODULE$.empty());
    assertThat(understood.mainClass()).isEqualTo("C");
  }

  private List<String> words(String command) throws Exception {
    return Shell.in(folder).run("bash", "-c", "printf '%s\\n' " + command).out().lines().toList();
  }

  private static String page() throws IOException {
    return read(HOME.resolve("docs/operations.md"));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file).replace("\\\n", " ");
  }

  private static String only(String pattern, String text) {
    List<String> found = matches(pattern, text).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static Stream<String> matches(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(result -> result.group(1));
  }
}
