package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;

/** The notebooks, executed against what the commands in their first cells write. */
class NotebooksIT {
  private static final Path HOME = Script.projectHome();

  @TempDir private static Path folder;

  /** Python with the packages of the notebooks: the one that the build's directory has, or any. */
  private static String python;

  @BeforeAll
  static void copyNotebooks() throws Exception {
    Path own = HOME.resolve("target/notebooks-venv/bin/python");
    python = Files.exists(own) ? own.toString() : "python3";
    String imports = python + " -c 'import matplotlib, pandas, pyarrow, nbclient, ipykernel'";
    Script.Ended imported = Shell.in(folder).run("bash", "-c", imports);
    assumeTrue(
        imported.code() == 0,
        "notebooks/requirements.txt is not installed for " + python + ": " + imported.err());
    FileUtils.copyDirectory(HOME.resolve("notebooks").toFile(), notebooks().toFile());
    FileUtils.copyDirectory(HOME.resolve("samples").toFile(), folder.resolve("samples").toFile());
  }

  @Test
  void nightlyReadsTheStoreThatItsCommandsMake() throws Exception {
    runCommandsOf("nightly");
    execute("nightly", Map.of()).assertDone();
    assertThat(Files.readString(notebooks().resolve("nightly.ipynb")))
        .contains(
            "690 rows in 4 nights", "227 of 690 rows are copies", "; 0 without their original")
        .doesNotContain("\"stderr\"");
  }

  @Test
  void evaluationReadsTheRunThatItsCommandMakesAndFindsWhatIsWrong() throws Exception {
    runCommandsOf("evaluation");
    execute("evaluation", Map.of()).assertDone();
    assertThat(Files.readString(notebooks().resolve("evaluation.ipynb")))
        .contains("245 of 305 right: 80.33%")
        .doesNotContain("\"stderr\"");

    Path tampered = runWithoutOneRow();
    Script.Ended ended = execute("evaluation", Map.of("SWARMFORMER_RUN", tampered.toString()));
    assertThat(ended.code()).isNotZero();
    assertThat(ended.err()).contains("AssertionError", "assert len(judged) == figures");
  }

  private static Path notebooks() {
    return folder.resolve("notebooks");
  }

  /** Runs the shell commands of the first cell as they stand there, jobs in this JVM. */
  private static void runCommandsOf(String name) throws Exception {
    StringBuilder cell = new StringBuilder();
    new ObjectMapper()
        .readTree(notebooks().resolve(name + ".ipynb").toFile())
        .at("/cells/0/source")
        .forEach(line -> cell.append(line.asText()));
    assertThat(cell.toString()).contains("```bash\n");
    for (String line : cell.toString().split("```(bash)?\n")[1].lines().toList()) {
      runCommand(line);
    }
  }

  private static void runCommand(String line) throws Exception {
    if (!line.startsWith("jobs/")) {
      assertThat(Shell.in(folder).run("bash", "-ec", line).err()).isEmpty();
      return;
    }
    Object[] arguments =
        Stream.of(line.split(" "))
            .skip(1)
            .map(word -> word.matches("(samples|output)(/.*)?") ? folder.resolve(word) : word)
            .toArray();
    Ran ran =
        line.startsWith("jobs/evaluate.sh ")
            ? Ran.locally(new Evaluate(), arguments)
            : Ran.locally(new ScoreNightly(), arguments);
    assertThat(ran.code()).as(ran.err().toString()).isZero();
  }

  /** Executes a notebook in its place, with its outputs kept there. */
  private static Script.Ended execute(String name, Map<String, String> environment)
      throws Exception {
    Path notebook = notebooks().resolve(name + ".ipynb");
    String program = "from nbclient.cli import main; main()";
    return Shell.in(folder).run(environment, python, "-c", program, "--inplace", notebook);
  }

  private static Path runWithoutOneRow() throws IOException {
    Path run;
    try (Stream<Path> runs = Files.list(folder.resolve("output"))) {
      run = runs.filter(path -> path.getFileName().toString().startsWith("run=")).findAny().get();
    }
    Path tampered = folder.resolve("tampered");
    for (String part : List.of("metrics", "evaluation")) {
      FileUtils.copyDirectory(run.resolve(part).toFile(), tampered.resolve(part).toFile());
    }
    LocalSpark.session()
        .read()
        .parquet(run.resolve("predictions").toString())
        .where("id <> 'r001'")
        .write()
        .parquet(tampered.resolve("predictions").toString());
    return tampered;
  }
}
