package swarmformer.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import swarmformer.analysis.Analysis;
import swarmformer.analysis.CalibrationCurve;
import swarmformer.analysis.ComparedSlices;
import swarmformer.analysis.Comparison;
import swarmformer.analysis.Coverage;
import swarmformer.analysis.DecisionThresholds;
import swarmformer.analysis.Groups;
import swarmformer.analysis.InputFacts;
import swarmformer.analysis.Interval;
import swarmformer.analysis.LabelIssues;
import swarmformer.analysis.Latencies;
import swarmformer.analysis.Mistake;
import swarmformer.analysis.Slices;
import swarmformer.metrics.Confusion;
import swarmformer.metrics.Evaluation;
import swarmformer.metrics.EvaluationReport;
import swarmformer.metrics.Probabilities;
import swarmformer.metrics.Ranking;
import swarmformer.metrics.RecordedRun;
import swarmformer.metrics.RunFacts;
import swarmformer.metrics.Versions;

/** Pages of made-up figures, for tests of how they look. */
final class HandmadePage {
  static final String COMMAND = "jobs/evaluate.sh --predictions output";

  private static final String SIZES =
      "\"vocab_size\": 30522, \"d_model\": 128, \"seq_len\": 256, \"cluster_size\": 8,"
          + " \"truncation_side\": \"left\", \"num_layers\": 2, \"T_local\": 3";

  private static final InputFacts INPUT =
      new InputFacts(100, 98, 2, 4, 7, new InputFacts.Lengths(3, 5, 20, 40.5, 80, 200, 256, 61.5));

  private HandmadePage() {}

  /** A page of two classes with everything on it; all texts that come from outside are these. */
  static EvaluationPage full(String outside) {
    Ranking ranking =
        new Ranking(
            0.9,
            0.85,
            List.of(new Ranking.Point(0.9, 0, 0.1, 1), new Ranking.Point(0.1, 1, 1, 0.5)));
    Evaluation evaluation =
        new Evaluation(
            100,
            100,
            0,
            0,
            0,
            new Confusion(new long[][] {{40, 10}, {5, 45}}),
            new Probabilities(0.4, 0.1, ranking));
    List<Slices> slices =
        List.of(
            new Slices(
                "tokens", 2, List.of(slice("1–16", 60, 45, 0.03), slice("17–32", 40, 40, 1.0))),
            new Slices(outside, 0, List.of(slice(outside, 100, 85, null))));
    Analysis analysis =
        new Analysis(
            Interval.wilson(85, 100),
            quality(outside),
            slices,
            INPUT,
            new Latencies(2, 10, 20, 20, 20, List.of(new Latencies.Bin(0, 20, 2))),
            comparison(outside),
            new Groups(outside, 12, Interval.wilson(85, 100), 61.2));
    return page(evaluation, analysis, outside, List.of("negative", outside));
  }

  /** A page of computed figures. */
  static EvaluationPage of(Evaluation evaluation, Analysis analysis) {
    return page(evaluation, analysis, "made-up", List.of());
  }

  /** A page of two classes whose probabilities are worth this; of {@code scaled} may be null. */
  static EvaluationPage of(CalibrationCurve scaled, Coverage coverage) {
    EvaluationPage page = manyClasses(2, true);
    Analysis analysis = page.analysis();
    Analysis.Quality quality = analysis.quality();
    return of(
        page.evaluation(),
        new Analysis(
            analysis.interval(),
            new Analysis.Quality(
                quality.calibration(),
                scaled,
                quality.decisions(),
                coverage,
                quality.labelIssues(),
                quality.mistakes()),
            analysis.slices(),
            analysis.input(),
            analysis.latencies(),
            null,
            null));
  }

  /** A page of so many classes without rows. */
  static EvaluationPage empty(int classes) {
    Evaluation evaluation =
        new Evaluation(
            3,
            0,
            3,
            0,
            0,
            new Confusion(new long[classes][classes]),
            new Probabilities(null, null, null));
    InputFacts input = new InputFacts(3, 3, 0, 0, 0, null);
    Analysis analysis =
        new Analysis(Interval.wilson(0, 0), null, List.of(), input, null, null, null);
    return page(evaluation, analysis, "model", List.of());
  }

  /** A page of these labels against predictions. */
  static EvaluationPage ofCounts(long[]... counts) {
    Confusion confusion = new Confusion(counts);
    Evaluation evaluation =
        new Evaluation(
            confusion.total(),
            confusion.total(),
            0,
            0,
            0,
            confusion,
            new Probabilities(null, null, null));
    Interval interval = Interval.wilson(confusion.right(), confusion.total());
    return page(
        evaluation,
        new Analysis(interval, null, List.of(), INPUT, null, null, null),
        "m",
        List.of());
  }

  /** A page of so many classes, the logits of which are not finite if there is no quality. */
  static EvaluationPage manyClasses(int classes, boolean finite) {
    long[][] counts = new long[classes][classes];
    counts[0][0] = 85;
    counts[1][classes - 1] = 15;
    Evaluation evaluation =
        new Evaluation(
            100,
            100,
            0,
            0,
            0,
            new Confusion(counts),
            finite ? new Probabilities(0.4, 0.1, null) : new Probabilities(null, null, null));
    Analysis analysis =
        new Analysis(
            Interval.wilson(85, 100),
            finite ? quality("id") : null,
            List.of(),
            INPUT,
            null,
            null,
            null);
    return page(evaluation, analysis, "model", List.of());
  }

  private static Comparison comparison(String outside) {
    Comparison.Counts counts = new Comparison.Counts(80, 5, 2, 13);
    Interval interval = new Interval(-0.0214, 0.0831);
    return new Comparison(
        outside,
        counts,
        new Comparison.Significance(
            0.03, interval, false, 0.3125, new Groups(outside, 11, interval, 54.6)),
        new Comparison.Figures(0.85, 0.82, 0.9, 0.86),
        new Comparison.Figures(0.82, 0.8, 0.85, 0.82),
        List.of(
            new ComparedSlices(
                outside,
                List.of(
                    new ComparedSlices.ComparedSlice(
                        outside,
                        new Comparison.Counts(20, 1, 4, 15),
                        0.525,
                        0.6,
                        -0.075,
                        new Interval(-0.1997, 0.0402)),
                    new ComparedSlices.ComparedSlice(
                        "3 others", new Comparison.Counts(10, 1, 0, 0), 1, 0.9091, 0.0909, null)))),
        List.of(
            new Comparison.Turned(outside, 0, 1, 0, 0.97),
            new Comparison.Turned(outside, 0, 0, 1, 0.91)));
  }

  private static Slices.Slice slice(String value, long rows, long right, Double pValue) {
    return new Slices.Slice(
        value, rows, right, (double) right / rows, Interval.wilson(right, rows), pValue);
  }

  private static Analysis.Quality quality(String outside) {
    CalibrationCurve calibration =
        new CalibrationCurve(
            1,
            0.4,
            0.05,
            0.05,
            List.of(new CalibrationCurve.Bin(0.9, 0.95, 100, 0.9, 0.85, Interval.wilson(85, 100))));
    Coverage coverage =
        new Coverage(
            List.of(new Coverage.Cut(0.9, 0.5, 0.1), new Coverage.Cut(0.5, 1, 0.15)),
            List.of(
                new Coverage.Target(0.01, 0, 0, null, null),
                new Coverage.Target(0.05, 20, 0.2, 0.99, 0.05)),
            List.of(new Coverage.Threshold(0, 100, 1, 15, 0.15)));
    Mistake mistake =
        new Mistake(
            outside,
            0,
            1,
            0.999999,
            0.000001,
            12,
            true,
            "x".repeat(700) + outside,
            new Mistake.Tip(outside, 0.25, outside));
    DecisionThresholds decisions =
        new DecisionThresholds(
            List.of(
                new DecisionThresholds.Threshold(0.5, 50, 0.8, 0.8, 0.2, 0.85),
                new DecisionThresholds.Threshold(0.95, 0, null, 0, 0, 0.5)));
    LabelIssues issues =
        new LabelIssues(
            7, 0.07, List.of(new LabelIssues.Pair(0, 1, 4), new LabelIssues.Pair(1, 0, 3)));
    return new Analysis.Quality(calibration, null, decisions, coverage, issues, List.of(mistake));
  }

  private static EvaluationPage page(
      Evaluation evaluation, Analysis analysis, String outside, List<String> classNames) {
    String config = config(classNames);
    StructType schema =
        StructType.fromDDL("model_parameters BIGINT, model_config STRING, command STRING");
    Row row = new GenericRowWithSchema(new Object[] {4_302_850L, config, COMMAND}, schema);
    RunFacts facts =
        new RunFacts(
            outside,
            outside,
            "ab12",
            4_302_850,
            config,
            "float32",
            Instant.parse("2026-11-01T09:30:00Z"),
            outside);
    RecordedRun run =
        new RecordedRun(
            facts,
            evaluation.evaluated(),
            Map.of(outside, 1L),
            10,
            100,
            1,
            2,
            3,
            4,
            null,
            List.of("cpu"),
            new Versions("1", "17", "4.1.0", "0.36.0", "2.7.1"));
    return new EvaluationPage(new EvaluationReport(evaluation, row), analysis, run, COMMAND);
  }

  private static String config(List<String> classNames) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < classNames.size(); i++) {
      names.add("\"%d\": \"%s\"".formatted(i, classNames.get(i).replace("\"", "\\\"")));
    }
    String labels = names.isEmpty() ? "" : ", \"id2label\": {" + String.join(", ", names) + "}";
    return "{" + SIZES + labels + "}";
  }
}
