package swarmformer.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import swarmformer.analysis.Analysis;
import swarmformer.data.LabelValues;
import swarmformer.data.LaterLabels;
import swarmformer.data.PredictionColumns;
import swarmformer.data.PublishedRun;
import swarmformer.data.RunId;
import swarmformer.data.TextSource;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;
import swarmformer.metrics.Evaluation;
import swarmformer.metrics.EvaluationReport;
import swarmformer.metrics.Fields;
import swarmformer.metrics.RecordedRun;
import swarmformer.metrics.RowCounts;
import swarmformer.report.EvaluationPage;

/** Tells how right predictions are. */
@Command(
    name = "jobs/evaluate.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {
      "${COMMAND-NAME} --predictions DIR [--run-id ID] [--labels PATH...] [--against ID] [--slice COL,...]",
      "   or: ${COMMAND-NAME} --input PATH... --output DIR [OPTION...]"
    },
    description = {
      "Evaluates predictions against labels: those of a run, or of texts that are scored first.",
      "Options of spark-submit go after --.",
      "Settings of a cluster: --conf-file NAME, a file or a name in conf/."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 a bug, 2 usage, 3 input or output, 4 model, 5 device,",
      "8 another process writes the same run."
    })
public final class Evaluate implements Callable<Integer> {
  private static final Set<String> OF_EVALUATION =
      Set.of("--predictions", "--labels", "--run-id", "--against", "--slice", "--cluster-by");

  /** What says how to read them. */
  private static final Set<String> OF_LABELS =
      Set.of("--id-col", "--text-col", "--label-col", "--label-map", "--format", "--option");

  /** In the command of a run, another column of texts than {@code text}. */
  private static final Pattern OTHER_TEXT = Pattern.compile("--text-col[= ](?!text( |$))");

  @Spec private CommandSpec spec;

  @Option(
      names = "--predictions",
      paramLabel = "DIR",
      description = "The --output of jobs/score.sh; its newest run, or the one of --run-id.")
  private Optional<String> predictions;

  @Option(
      names = "--labels",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "With --predictions: files of labels that came later, instead of those of the run. Their rows are found by --id-col, or by their texts where texts were scored without ids.")
  private List<String> labels = new ArrayList<>();

  @Option(
      names = "--against",
      paramLabel = "ID",
      description = "An earlier run in the same directory to compare with, row by row.")
  private Optional<String> against;

  @Option(
      names = "--slice",
      split = ",",
      paramLabel = "COL",
      description = "Columns to break accuracy down by. With --input they are kept.")
  private List<String> slices = new ArrayList<>();

  @Option(
      names = "--cluster-by",
      paramLabel = "COL",
      description =
          "Column of groups of rows that are alike, as the film of a review; the intervals of accuracy and of a difference heed them. With --input it is kept.")
  private Optional<String> clusterBy;

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
    against.ifPresent(RunId::check);
    try (SparkSession spark = SparkJob.open("evaluate")) {
      PublishedRun.checkTakesEvaluations(spark.sparkContext().hadoopConfiguration(), folder());
      Optional<PublishedRun> other =
          against.map(id -> PublishedRun.find(spark, folder(), Optional.of(id)));
      evaluate(spark, predictions.isPresent() ? output.runId : Optional.of(score(spark)), other);
    }
    return ExitCode.DONE;
  }

  private List<String> clashes() {
    List<String> clashes = new ArrayList<>();
    if (against.isPresent() && against.equals(output.runId)) {
      clashes.add(
          "--against names the run that is evaluated, '%s': set it to another one."
              .formatted(against.get()));
    }
    if (predictions.isEmpty()) {
      if (input.isEmpty()) {
        clashes.add("Missing --predictions (or --input with --output, to score first).");
        return clashes;
      }
      if (!labels.isEmpty()) {
        clashes.add(
            "--labels goes with --predictions: with --input, labels are those of its --label-col.");
      }
      clashes.addAll(input.clashes());
      clashes.addAll(model.clashes());
      clashes.addAll(output.clashes());
    } else {
      List<String> others = otherOptions();
      if (!others.isEmpty()) {
        clashes.add(
            "--predictions reads what was scored: it goes with --run-id, --labels, --against, --slice and --cluster-by, not with %s. Texts are read where a run is scored: give --input and --output, and these options with them. Labels that came later: --labels."
                .formatted(String.join(", ", others)));
      }
      if (!labels.isEmpty()) {
        clashes.addAll(LabelOptions.clashesOf(input.labelMap));
      }
    }
    return clashes;
  }

  /** The options given that say how to score. */
  private List<String> otherOptions() {
    return spec.commandLine().getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .filter(name -> !OF_EVALUATION.contains(name))
        .filter(name -> labels.isEmpty() || !OF_LABELS.contains(name))
        .toList();
  }

  private String score(SparkSession spark) {
    Stream.concat(slices.stream(), clusterBy.stream())
        .filter(column -> !keeps(column) && !PredictionColumns.isWritten(column))
        .forEach(input.keep::add);
    ScoringRun run =
        new ScoringRun(
            input.source(),
            model,
            output.output(),
            CommandText.of(spec),
            Optional.of(Evaluate::checkLabels));
    Optional<String> before = run.publishedByEarlierAttempt(spark);
    if (before.isPresent()) {
      ScoringSummary.printPublishedBefore(before.get(), spec.commandLine().getOut());
      return before.get();
    }
    ScoringRun.Outcome outcome = run.execute(spark);
    ScoringSummary.printBeforeEvaluation(outcome, spec.commandLine().getOut());
    if (outcome.metrics().rows().unreadableLabels() > 0) {
      LabelValues.ofAll(spark, input.source(), outcome.classNames())
          .ifPresent(labels -> labels.check(input.source(), outcome.classNames()));
    }
    return outcome.metrics().facts().runId();
  }

  private static void checkLabels(SparkSession spark, TextSource source, List<String> classNames) {
    LabelValues.ofHead(spark, source, classNames)
        .ifPresent(labels -> labels.check(source, classNames));
  }

  private boolean keeps(String column) {
    return input.keep.contains(TextSource.ALL) || input.keep.contains(column);
  }

  /** The directory of all runs. */
  private String folder() {
    return predictions.or(() -> output.output).orElseThrow();
  }

  private void evaluate(SparkSession spark, Optional<String> runId, Optional<PublishedRun> other) {
    PublishedRun run = PublishedRun.find(spark, folder(), runId);
    if (other.filter(it -> it.id().equals(run.id())).isPresent()) {
      throw new InputException(
          "Cannot compare run '%s' with itself. Set --against to another run, or --run-id."
              .formatted(run.id()));
    }
    Row metrics = run.metrics(spark).head();
    Dataset<Row> scored = run.predictions(spark);
    List<String> classes = classNames(metrics, scored);
    Optional<LaterLabels> later =
        labels.isEmpty()
            ? Optional.empty()
            : Optional.of(
                LaterLabels.read(spark, input.source().withPaths(labels), classes, scored));
    Dataset<Row> predicted = labelled(later, scored);
    other.ifPresent(it -> checkClasses(spark, classes, it));
    later.ifPresent(
        it -> new ConsoleReport(spec.commandLine().getOut()).warnOfUnrecognised(it.found()));
    long unrecognised =
        later
            .map(it -> it.found().unrecognised())
            .orElseGet(() -> unrecognised(spark, run, classes));
    Evaluation evaluation = Evaluation.of(predicted, classes.size()).withUnrecognised(unrecognised);
    Analysis analysis =
        Analysis.of(
            evaluation,
            predicted,
            run.batches(spark),
            new Analysis.Questions(
                slices,
                clusterBy,
                other.map(it -> new Analysis.OtherRun(it.id(), it.predictions(spark)))));
    predicted.unpersist();
    EvaluationReport report = new EvaluationReport(evaluation, metrics);
    RecordedRun recorded = RecordedRun.of(metrics);
    EvaluationPage page =
        new EvaluationPage(
            report, explained(spark, analysis, recorded, report), recorded, CommandText.of(spec));
    Path written = write(spark, run, page);
    EvaluationText.print(page, written, spec.commandLine().getOut());
  }

  /**
   * Counts the labels of a run that were no class when it was scored.
   *
   * @throws InputException if most are
   */
  private static long unrecognised(SparkSession spark, PublishedRun run, List<String> classes) {
    RowCounts rows = RowCounts.of(run.batches(spark));
    if (rows.unreadableLabels() > rows.labelled()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot evaluate with the labels of run '%s': %,d of %,d are not classes of the model (%s). Score again and say what they mean, as in --label-map '1-4=negative,7-10=positive', or give other labels with --labels.",
              run.id(),
              rows.unreadableLabels(),
              rows.unreadableLabels() + rows.labelled(),
              String.join(", ", classes)));
    }
    return rows.unreadableLabels();
  }

  private static List<String> classNames(Row metrics, Dataset<Row> predictions) {
    return Evaluation.classNames(predictions, EvaluationReport.config(metrics));
  }

  /** Numbers of classes are compared, which must mean the same in both. */
  private static void checkClasses(SparkSession spark, List<String> classes, PublishedRun other) {
    List<String> others = classNames(other.metrics(spark).head(), other.predictions(spark));
    if (!String.join(",", others).equalsIgnoreCase(String.join(",", classes))) {
      throw new InputException(
          "Cannot compare with run '%s': its model has the classes %s, this one %s. Set --against to a run of the same classes in the same order."
              .formatted(other.id(), String.join(", ", others), String.join(", ", classes)));
    }
  }

  private static Dataset<Row> labelled(Optional<LaterLabels> later, Dataset<Row> predictions) {
    return later.map(labels -> labels.of(predictions)).orElse(predictions);
  }

  /**
   * The analysis with the texts of its mistakes, and what tipped them, as far as texts are known.
   */
  private Analysis explained(
      SparkSession spark, Analysis analysis, RecordedRun run, EvaluationReport report) {
    if (analysis.quality() == null) {
      return analysis;
    }
    Optional<Texts> texts =
        input.isEmpty() || input.idsColumn.isPresent()
            ? Optional.empty()
            : Optional.of(Texts.read(spark, input.source(), report.classNames()));
    return analysis.with(
        new MistakeTexts(spark, run, model.device)
            .explain(
                analysis.quality().mistakes(),
                texts,
                !OTHER_TEXT.matcher(run.facts().command()).find()));
  }

  private static Path write(SparkSession spark, PublishedRun run, EvaluationPage page) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Fields fields = page.report().fields();
    page.analysis().describe(fields);
    page.run().describe(fields);
    fields.text("evaluation_command", page.command());
    byte[] html = page.html().getBytes(StandardCharsets.UTF_8);
    return run.addEvaluation(
        hadoop,
        staged -> {
          fields
              .toDataset(spark)
              .coalesce(1)
              .write()
              .parquet(new Path(staged, "metrics").toString());
          PublishedRun.writeFile(hadoop, new Path(staged, "report.html"), html);
          PublishedRun.writeFile(hadoop, new Path(staged, "metrics.json"), json(fields));
        });
  }

  private static byte[] json(Fields fields) throws IOException {
    return new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValueAsBytes(fields.toMap());
  }
}
