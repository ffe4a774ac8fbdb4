package swarmformer.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.data.Failures;
import swarmformer.errors.OutputException;
import swarmformer.export.ExportFormat;
import swarmformer.export.NewFile;
import swarmformer.models.Checkpoints;

/** Writes a model as a file for other programs. */
@Command(
    name = "jobs/export.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = "${COMMAND-NAME} --model MODEL --to FORMAT --output FILE",
    description = {
      "Writes a model as one file for other programs, with the same logits and float32 weights.",
      "Its input are token ids: those that jobs/score.sh --emit-ids writes, truncated and padded with 0",
      "to the length of the network."
    },
    footer = {"", "Exit codes: 0 done, 1 a bug, 2 usage, 3 input or output, 4 model."})
public final class Export implements Callable<Integer> {
  private static final String CONFIG = "config.json";

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      defaultValue = Checkpoints.DEFAULT_MODEL,
      description = ModelOptions.MODEL)
  private String model;

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      description =
          "torchscript for PyTorch without this project, onnx for ONNX Runtime and others, safetensors for the published format: the weights, with config.json beside them. --model takes their directory if FILE is named model.safetensors.")
  private Optional<String> to;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "A file on this machine that does not exist yet.")
  private Optional<String> output;

  /** Writes the file and ends the JVM with its exit code. */
  public static void main(String... arguments) {
    Program.main(new Export(), arguments);
  }

  @Override
  public Integer call() {
    Program.refuseClashes(spec, clashes());
    ExportFormat format = to.flatMap(ExportFormat::of).orElseThrow();
    Path file = LocalPath.of(output.orElseThrow()).toAbsolutePath();
    refuseTaken(file);
    Checkpoint checkpoint =
        Checkpoint.parse(new Checkpoints(SparkJob.hadoop(), System.getenv()).read(model));
    try {
      if (!Files.isDirectory(file.getParent())) { // a link to one, Java may refuse
        Files.createDirectories(file.getParent());
      }
      if (format == ExportFormat.SAFETENSORS) {
        writeConfig(checkpoint.config(), file.resolveSibling(CONFIG));
      }
      format.write(checkpoint, file);
      print(format, checkpoint, file);
      return ExitCode.DONE;
    } catch (FileAlreadyExistsException e) {
      throw taken(file);
    } catch (IOException e) {
      throw Failures.ofWriting(file.toString(), e);
    }
  }

  private List<String> clashes() {
    List<String> clashes = new ArrayList<>();
    if (to.isEmpty()) {
      clashes.add("Missing --to.");
    } else if (ExportFormat.of(to.get()).isEmpty()) {
      clashes.add("--to takes torchscript, safetensors or onnx, not '" + to.get() + "'.");
    }
    if (output.isEmpty()) {
      clashes.add("Missing --output.");
    } else if (Checkpoints.isUri(output.get())) {
      clashes.add(
          "--output takes a file on this machine, not '%s': export to one and copy it."
              .formatted(output.get()));
    }
    return clashes;
  }

  private static void refuseTaken(Path file) {
    Path folder = file.getParent();
    if (Files.exists(file)) {
      throw taken(file);
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new OutputException(
          "Cannot write to %s: %s is not a directory. Set another --output."
              .formatted(file, folder));
    }
  }

  private static OutputException taken(Path file) {
    return new OutputException(
        "Cannot write to %s: it is there already. Delete it, or set another --output."
            .formatted(file));
  }

  /** What the weights need beside them to be a model. */
  private static void writeConfig(SwarmFormerConfig config, Path file) throws IOException {
    if (!Files.exists(file)) {
      NewFile.write(file, out -> out.write(config.toJson()));
    } else if (!Arrays.equals(Files.readAllBytes(file), config.toJson())) {
      throw new OutputException(
          "Cannot write to %s: the configuration of another model is there. Set --output to a file in another directory."
              .formatted(file));
    }
  }

  private void print(ExportFormat format, Checkpoint checkpoint, Path file) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "Exported %s to %s (%,d bytes)%n", model, file, Files.size(file));
    out.printf("  format   %s%n", format.title());
    if (format == ExportFormat.SAFETENSORS) {
      boolean complete = file.endsWith(Checkpoints.WEIGHTS);
      out.printf(
          "  beside   %s: --model takes the directory%s%n",
          CONFIG, complete ? "" : " once the file is renamed to " + Checkpoints.WEIGHTS);
    } else {
      List<String> classes = checkpoint.classNames();
      out.printf("  input    ids, int64 (batch, %s)%n", checkpoint.config().seqLen());
      out.printf("  output   logits, float32 (batch, %s)%n", classes.size());
      out.printf("  classes  %s%n", String.join(", ", classes));
    }
    out.flush();
  }
}
