package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import swarmformer.Golden;
import swarmformer.errors.ErrorCode;

final class ExportTest {
  private static final String TRY = " Try 'jobs/export.sh --help'.";
  private static final Path TINY = Golden.file("tiny/a");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"torchscript,TorchScript", "onnx,'ONNX, operator set 17'"})
  void writesAFileAndTellsWhatItTakes(String format, String title) {
    Path file = folder.resolve("new/model");
    Ran ran = export("--model", TINY, "--to", format, "--output", file);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .matches("(?s)Exported \\S+tiny/a to %s \\([\\d,]+ bytes\\)\n.*".formatted(file))
        .endsWith(
            """
              format   %s
              input    ids, int64 (batch, 96)
              output   logits, float32 (batch, 2)
              classes  negative, positive
            """
                .formatted(title));
    assertThat(file.getParent().toFile().list()).containsExactly("model");
  }

  @Test
  void takesTheBundledModelUnlessToldOtherwise() {
    Path file = folder.resolve("model.onnx");
    Ran ran = export("--to", "onnx", "--output", file);
    assertThat(ran.out()).startsWith("Exported small-imdb to " + file + " (1");
    assertThat(file).isNotEmptyFile();
  }

  @Test
  void writesToADirectoryThatIsALink() throws IOException {
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, Files.createDirectory(folder.resolve("disk")));
    Ran ran = export("--model", TINY, "--to", "onnx", "--output", link.resolve("model.onnx"));
    assertThat(ran.err()).isEmpty();
    assertThat(folder.resolve("disk/model.onnx")).isNotEmptyFile();
  }

  @Test
  void writesAFolderThatIsAModel() throws IOException {
    Path model = folder.resolve("one/model.safetensors");
    Ran ran = export("--model", TINY, "--to", "safetensors", "--output", model);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .endsWith("  format   safetensors\n  beside   config.json: --model takes the directory\n");
    Path again = folder.resolve("two/model.safetensors");
    Ran second = export("--model", model.getParent(), "--to", "safetensors", "--output", again);
    assertThat(second.code()).isZero();
    assertThat(again).hasSameBinaryContentAs(model);
    assertThat(again.resolveSibling("config.json"))
        .hasSameBinaryContentAs(model.resolveSibling("config.json"));
  }

  /** The jobs read a model's weights from a file of one name. */
  @Test
  void saysThatWeightsOfAnotherNameAreNoModelYet() throws IOException {
    Path file = folder.resolve("one/weights.safetensors");
    Ran ran = export("--model", TINY, "--to", "safetensors", "--output", file);
    assertThat(ran.out())
        .endsWith(
            "  beside   config.json: --model takes the directory once the file is renamed to model.safetensors\n");
    Files.move(file, file.resolveSibling("model.safetensors"));
    Path again = folder.resolve("two/model.onnx");
    assertThat(export("--model", file.getParent(), "--to", "onnx", "--output", again).code())
        .isZero();
  }

  @Test
  void leavesAnotherModelsConfigurationAlone() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Path config = folder.resolve("config.json");
    Files.writeString(config, "{}");
    assertFails(
        ErrorCode.INPUT.exitCode(),
        "Cannot write to %s: the configuration of another model is there. Set --output to a file in another directory."
            .formatted(config),
        "--model",
        TINY,
        "--to",
        "safetensors",
        "--output",
        file);
    assertThat(config).hasContent("{}");
    assertThat(file).doesNotExist();
    Files.delete(config);
    assertThat(export("--model", TINY, "--to", "safetensors", "--output", file).code()).isZero();
    Files.delete(file);
    assertThat(export("--model", TINY, "--to", "safetensors", "--output", file).code()).isZero();
  }

  @Test
  void replacesNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("model.onnx"), "mine");
    String taken = "Cannot write to %s: it is there already. Delete it, or set another --output.";
    assertFails(ErrorCode.INPUT.exitCode(), taken.formatted(file), "--to=onnx", "--output=" + file);
    assertFails(
        ErrorCode.INPUT.exitCode(), taken.formatted(folder), "--to=onnx", "--output=" + folder);
    assertThat(file).hasContent("mine");
    Path below = file.resolve("model.onnx");
    assertFails(
        ErrorCode.INPUT.exitCode(),
        "Cannot write to %s: %s is not a directory. Set another --output.".formatted(below, file),
        "--to=onnx",
        "--output=" + below);
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
    assertFails(ErrorCode.INPUT.exitCode(), taken.formatted(link), "--to=onnx", "--output=" + link);
  }

  @Test
  void tellsThatThereIsNoSuchModel() {
    Path file = folder.resolve("model.onnx");
    assertFails(
        ErrorCode.MODEL.exitCode(),
        "Cannot find model 'nothing': it is neither a bundled model (base-imdb, small-imdb), nor a directory, nor a name on the hub such as org/name. Check --model.",
        "--model=nothing",
        "--to=onnx",
        "--output=" + file);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void namesWhatIsMissingOrWrong() {
    assertFails(ErrorCode.USAGE.exitCode(), "Missing --to. Missing --output." + TRY);
    assertFails(
        ErrorCode.USAGE.exitCode(),
        "--to takes torchscript, safetensors or onnx, not 'pickle'."
            + " --output takes a file on this machine, not 's3a://bucket/m.onnx': export to one and copy it."
            + TRY,
        "--to=pickle",
        "--output=s3a://bucket/m.onnx");
  }

  @Test
  void takesTheCommandsOfItsPage() throws IOException {
    List<String> commands =
        Files.readAllLines(Script.projectHome().resolve("docs/export.md")).stream()
            .filter(line -> line.startsWith("jobs/export.sh "))
            .toList();
    assertThat(commands).hasSize(3);
    for (String command : commands) {
      String[] options = command.substring(command.indexOf("--")).split(" ");
      assertThat(new CommandLine(new Export()).parseArgs(options).errors()).isEmpty();
    }
  }

  @Test
  void explainsItself() {
    Ran ran = export("--help");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("Usage: jobs/export.sh --model", "torchscript", "Exit codes");
  }

  private static void assertFails(int code, String message, Object... arguments) {
    Ran ran = export(arguments);
    assertThat(ran.err()).containsExactly(message);
    assertThat(ran.code()).isEqualTo(code);
  }

  private static Ran export(Object... arguments) {
    return Ran.of(new Export(), arguments);
  }
}
