package swarmformer.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import swarmformer.data.PublishedRun;
import swarmformer.data.RunId;
import swarmformer.metrics.Evaluation;
import swarmformer.metrics.EvaluationReport;
import swarmformer.metrics.Fields;

/** Tells how right predictions are. */
@Command(
    name = "jobs/evaluate.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {
      "jobs/evaluate.sh --predictions DIR [--run-id ID]",
      "   or: jobs/evaluate.sh --input PATH... --output DIR [OPTION...]"
    },
    description = {
      "Compares predictions with labels: those of a run, or of texts that are scored first.",
      "Options of spark-submit go after --."
    },
    footer = {"", "Exit codes: 0 done, 1 a bug, 2 usage, 3 input or output, 4 model, 5 device."})
public final class Evaluate implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--predictions",
      paramLabel = "DIR",
      description = "The --output of jobs/score.sh; its newest run, or the one of --run-id.")
  private Optional<String> predictions;

  @Mixin private InputOptions input;
  @Mixin private ModelOptions model;
  @Mixin private OutputOptions output;

  /** Runs the job and ends the JVM with its exit code. */
  public static void main(String... arguments) {
    Program.main(new Evaluate(), arguments);
  }

  @Override
  public Integer call() throws IOException {
    Program.refuseClashes(spec, clashes());
    output.runId.ifPresent(RunId::check);
    try (SparkSession spark = SparkJob.open("evaluate")) {
      evaluate(spark, predictions.isPresent() ? output.runId : Optional.of(score(spark)));
    }
    return ExitCode.DONE;
  }

  private List<String> clashes() {
    List<String> clashes = new ArrayList<>();
    if (predictions.isEmpty()) {
      if (input.isEmpty()) {
        clashes.add("Missing --predictions (or --input with --output, to score first).");
        return clashes;
      }
      clashes.addAll(input.clashes());
      clashes.addAll(model.clashes());
      clashes.addAll(output.clashes());
    } else {
      List<String> others = otherOptions();
      if (!others.isEmpty()) {
        clashes.add(
            "--predictions reads what was scored: it goes with --run-id, not with %s."
                .formatted(String.join(", ", others)));
      }
    }
    return clashes;
  }

  /** The options given that say how to score. */
  private List<String> otherOptions() {
    return spec.commandLine().getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .filter(name -> !name.equals("--predictions") && !name.equals("--run-id"))
        .toList();
  }

  private String score(SparkSession spark) {
    List<String> arguments = spec.commandLine().getParseResult().originalArgs();
    String command = CommandText.of("jobs/evaluate.sh", arguments.toArray(String[]::new));
    ScoringRun.Outcome outcome = new ScoringRun(input, model, output, command).execute(spark);
    Summary.print(outcome, spec.commandLine().getOut());
    return outcome.metrics().facts().runId();
  }

  private void evaluate(SparkSession spark, Optional<String> runId) {
    String folder = predictions.or(() -> output.output).orElseThrow();
    PublishedRun run = PublishedRun.find(spark, folder, runId);
    Evaluation evaluation = Evaluation.of(run.read(spark, "predictions"));
    EvaluationReport report = new EvaluationReport(evaluation, run.read(spark, "metrics").head());
    Path written = write(spark, run, report.fields());
    EvaluationText.print(report, written, spec.commandLine().getOut());
  }

  private static Path write(SparkSession spark, PublishedRun run, Fields fields) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    return run.add(
        hadoop,
        "evaluation",
        staged -> {
          byte[] json =
              new ObjectMapper()
                  .enable(SerializationFeature.INDENT_OUTPUT)
                  .writeValueAsBytes(fields.toMap());
          PublishedRun.writeFile(hadoop, new Path(staged, "metrics.json"), json);
          fields
              .toDataset(spark)
              .coalesce(1)
              .write()
              .parquet(new Path(staged, "metrics").toString());
        });
  }
}
