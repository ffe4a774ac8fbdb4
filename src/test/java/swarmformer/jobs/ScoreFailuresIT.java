package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.errors.ErrorCode;

/** Each kind of mistake ends the whole job with its exit code, one line, and no run. */
class ScoreFailuresIT {
  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void writeInput() throws IOException {
    input = Files.writeString(folder.resolve("in.csv"), "id,text\nr1,Good.\nr2,\n");
  }

  @Test
  void endsWith3WhereTheInputIsAbsent() {
    assertFails(
        ErrorCode.INPUT.exitCode(),
        "Cannot read '%s/absent.csv': there is no such file or directory. Check the path."
            .formatted(folder),
        "--input",
        folder + "/absent.csv");
  }

  @Test
  void endsWith3WhereTheRunIdIsNoName() {
    assertFails(
        ErrorCode.INPUT.exitCode(),
        "Cannot use run id '../r': it may hold letters, digits, '.', '_' and '-', begin with a letter or digit, and be at most 128 long. Set --run-id.",
        "--input",
        input,
        "--run-id",
        "../r");
  }

  @Test
  void endsWith3AtABadRowWhereThatIsWanted() {
    assertFails(
        ErrorCode.INPUT.exitCode(),
        "Cannot score the row with id 'r2': null text. Fix the input, or leave out --on-bad-row fail to give such rows an error.",
        "--input",
        input,
        "--on-bad-row",
        "fail");
  }

  @Test
  void endsWith3AtACorruptFileThoughTheClusterIgnoresThose() throws IOException {
    Path damaged = Files.writeString(folder.resolve("in.csv.gz"), "not compressed");
    LocalSpark.session().conf().set("spark.sql.files.ignoreCorruptFiles", "true");
    Ran ran = run("--input", damaged);
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(ran.err()).singleElement().asString().contains("in.csv.gz");
  }

  @Test
  void endsWith4WhereThereIsNoModel() {
    assertFails(
        ErrorCode.MODEL.exitCode(),
        "Cannot find model 'absent': it is neither a bundled model (base-imdb, small-imdb), nor a directory, nor a name on the hub such as org/name. Check --model.",
        "--input",
        input,
        "--model",
        "absent");
  }

  @Test
  void endsWith5WhereThereIsNoGpu() {
    Ran ran = run("--input", input, "--device", "cuda");
    org.junit.jupiter.api.Assumptions.assumeFalse(ran.code() == ExitCode.DONE, "has a GPU");
    assertThat(ran.err()).hasSize(1).first().asString().startsWith("Cannot use a GPU: ");
    assertThat(ran.code()).isEqualTo(ErrorCode.DEVICE.exitCode());
  }

  private void assertFails(int code, String message, Object... arguments) {
    Ran ran = run(arguments);
    assertThat(ran.err()).containsExactly(message);
    assertThat(ran.code()).isEqualTo(code);
    assertThat(folder.resolve("out"))
        .satisfiesAnyOf(
            out -> assertThat(out).doesNotExist(), out -> assertThat(out).isEmptyDirectory());
  }

  private Ran run(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--output", folder.resolve("out")));
    return Ran.locally(new Score(), all.toArray());
  }
}
