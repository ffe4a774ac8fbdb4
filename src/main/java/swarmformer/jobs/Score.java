package swarmformer.jobs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import swarmformer.data.RunId;

/** Scores texts: the main job. */
@Command(
    name = "jobs/score.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {
      "${COMMAND-NAME} --input PATH... --output DIR [OPTION...] [-- SPARK-SUBMIT-OPTION...]",
      "   or: ${COMMAND-NAME} --text TEXT"
    },
    description = "Predicts the sentiment of texts with SwarmFormer.",
    footer = {
      "",
      "Options of spark-submit go after --, as in -- --master yarn.",
      "Settings of a cluster: --conf-file NAME, a file or a name in conf/.",
      "Exit codes: 0 done, 1 a bug, 2 usage, 3 input or output, 4 model, 5 device,",
      "8 another process writes the same run."
    })
public final class Score implements Callable<Integer> {
  private static final Set<String> OF_TEXTS =
      Set.of("--text", "--model", "--device", "--dtype", "--micro-batch", "--tokenizer");

  @Spec private CommandSpec spec;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "A text to score instead of --input; prints the result, writes nothing.")
  private List<String> texts = new ArrayList<>();

  @Mixin private InputOptions input;
  @Mixin private ModelOptions model;
  @Mixin private OutputOptions output;

  /** Runs the job and ends the JVM with its exit code. */
  public static void main(String... arguments) {
    Program.main(new Score(), arguments);
  }

  @Override
  public Integer call() throws IOException {
    if (!texts.isEmpty()) {
      Program.refuseClashes(spec, model.clashes(), clashesWithTexts());
      TextScores.print(texts, model, spec.commandLine().getOut());
      return ExitCode.DONE;
    }
    Program.refuseClashes(spec, input.clashes(), model.clashes(), output.clashes());
    output.runId.ifPresent(RunId::check);
    String command = CommandText.of(spec);
    try (SparkSession spark = SparkJob.open("score")) {
      ScoringRun run =
          new ScoringRun(input.source(), model, output.output(), command, Optional.empty());
      Optional<String> before = run.publishedByEarlierAttempt(spark);
      if (before.isPresent()) {
        ScoringSummary.printPublishedBefore(before.get(), spec.commandLine().getOut());
      } else {
        ScoringSummary.print(run.execute(spark), spec.commandLine().getOut());
      }
    }
    return ExitCode.DONE;
  }

  private List<String> clashesWithTexts() {
    return spec.commandLine().getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .filter(name -> !OF_TEXTS.contains(name))
        .map("--text writes nothing: it does not go with %s."::formatted)
        .toList();
  }
}
