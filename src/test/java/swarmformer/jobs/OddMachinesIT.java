package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts in other locales, and for users and disks that lack something. */
@Tag("long")
class OddMachinesIT {
  private static final Path HOME = Script.projectHome();
  private static final String SAMPLES = HOME.resolve("samples/reviews.csv").toString();

  @TempDir Path folder;

  @Test
  void readsAllNamesInALocaleThatHasAsciiAlone() throws Exception {
    bash(
        """
        mkdir -p in parts/land=Österreich parts/land=Italia
        printf 'id,text\\n1,Good.\\n' | tee in/a.csv > parts/land=Österreich/a.csv
        printf 'id,text\\n2,Bad.\\n' | tee in/für.csv > parts/land=Italia/a.csv
        """);
    Script script = new Script(HOME, folder, Map.of("LC_ALL", "C", "LANG", ""));
    for (String input : new String[] {"in", "parts"}) {
      Script.Ended ended = script.score("--input", input, "--output", "out");
      ended.assertDone();
      assertThat(ended.out()).contains("Scored 2 of 2 texts");
    }
    // An argument of Java would be changed on its way to a script where this JVM's locale is C.
    bash(
        "SWARMFORMER_LOGS=logs LC_ALL=C %s/jobs/score.sh --input in/für.csv --output out"
            .formatted(HOME));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-Duser.language=ar -Duser.country=EG", "-Duser.language=tr -Duser.country=TR"})
  void evaluatesInOtherLocales(String locale) throws Exception {
    Script script = new Script(HOME, folder, Map.of("SPARK_SUBMIT_OPTS", locale));
    Script.Ended ended = script.run("evaluate", "--input", SAMPLES, "--output", "out");
    ended.assertDone();
    assertThat(ended.out()).contains("Scored 305 of 310 texts").contains("accuracy");
  }

  @Test
  void saysThatTheUserHasNoName() throws Exception {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--reuid=12345",
                "--regid=12345",
                "--clear-groups",
                HOME.resolve("jobs/score.sh").toString(),
                "--help")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeThat(output).doesNotContain("Permission denied"); // a checkout that only root may enter
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(output)
        .isEqualTo(
            "The user 12345 has no name, and Hadoop needs one: add a line for it to /etc/passwd (docs/operations.md).\n");
  }

  @Test
  void logsElsewhereWhereLogsCannotBeWritten() throws Exception {
    Script script =
        new Script(
            HOME, folder, Map.of("SWARMFORMER_LOGS", "/proc/logs", "TMPDIR", folder.toString()));
    Script.Ended ended = script.score("--input", SAMPLES, "--output", "out");
    ended.assertDone();
    assertThat(ended.err().lines().findFirst())
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith("Logs go to " + folder)
                    .endsWith(
                        ": /proc/logs cannot be written. SWARMFORMER_LOGS sets another directory."));
    assertThat(ended.err()).doesNotContain("Exception", "\tat ");
  }

  private void bash(String commands) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("commands.sh"), "set -e\n" + commands);
    Process process =
        new ProcessBuilder("bash", script.toString())
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }
}
