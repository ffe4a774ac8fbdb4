package swarmformer.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import swarmformer.errors.InputException;
import swarmformer.metrics.Evaluation;
import swarmformer.metrics.Fields;

/**
 * All that a report says beyond an {@link Evaluation}.
 *
 * <p>Spark counts; the driver sees one row for each bin, value of a slice and mistake, and the
 * points of curves that an eye can tell apart.
 *
 * @param interval where the true accuracy lies
 * @param quality of the probabilities; null where there is no row or a logit is not finite
 * @param slices accuracy by length, by truncation, and by the columns asked for; empty without rows
 * @param input all rows of the run
 * @param latencies of the network; null where it did not run
 * @param comparison with another run; null if none was asked for
 * @param groups of rows that are alike, which the interval heeds; null if none were named
 */
public record Analysis(
    Interval interval,
    Quality quality,
    List<Slices> slices,
    InputFacts input,
    Latencies latencies,
    Comparison comparison,
    Groups groups) {
  /**
   * What the probabilities are worth.
   *
   * @param calibration of the probabilities as they are
   * @param scaled the same at the temperature of least log loss; null where there is none
   * @param decisions what other decision thresholds give; null unless there are two classes and
   *     rows of both
   * @param coverage what is gained by leaving rows of little confidence to people
   * @param labelIssues labels that may be wrong
   * @param mistakes the most confident ones
   */
  public record Quality(
      CalibrationCurve calibration,
      CalibrationCurve scaled,
      DecisionThresholds decisions,
      Coverage coverage,
      LabelIssues labelIssues,
      List<Mistake> mistakes) {
    Quality with(List<Mistake> others) {
      return new Quality(calibration, scaled, decisions, coverage, labelIssues, others);
    }
  }

  /** Another run to compare with: its id and its predictions, whose labels are not looked at. */
  public record OtherRun(String id, Dataset<Row> predictions) {}

  /**
   * What a person asks beyond.
   *
   * @param slices kept columns to slice by
   * @param clusterBy kept column whose values group rows that are alike
   * @param against another run to compare with
   */
  public record Questions(
      List<String> slices, Optional<String> clusterBy, Optional<OtherRun> against) {}

  /**
   * Analyses a run.
   *
   * @param evaluation of the same predictions
   * @param batches the batches dataset of the run
   * @throws InputException if the predictions have no such column
   */
  public static Analysis of(
      Evaluation evaluation, Dataset<Row> predictions, Dataset<Row> batches, Questions asked) {
    asked.slices().forEach(column -> checkColumn(predictions, column, "slice", "--slice"));
    asked
        .clusterBy()
        .ifPresent(column -> checkColumn(predictions, column, "cluster", "--cluster-by"));
    Dataset<Row> judged = LabelledRows.of(predictions).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Groups groups =
          evaluation.evaluated() == 0 || asked.clusterBy().isEmpty()
              ? null
              : Groups.ofAccuracy(judged, asked.clusterBy().get());
      return new Analysis(
          groups == null
              ? Interval.wilson(evaluation.confusion().right(), evaluation.evaluated())
              : groups.interval(),
          evaluation.probabilities().logLoss() == null ? null : quality(judged, evaluation),
          evaluation.evaluated() == 0 ? List.of() : slices(judged, asked.slices()),
          InputFacts.of(predictions),
          Latencies.of(batches),
          asked.against().isEmpty()
              ? null
              : Comparison.of(predictions, asked, evaluation.confusion().classes()),
          groups);
    } finally {
      judged.unpersist();
    }
  }

  private static void checkColumn(
      Dataset<Row> predictions, String column, String verb, String option) {
    if (!LabelledRows.hasColumn(predictions, column)) {
      throw new InputException(
          "Cannot %s by '%s': the predictions have no such column. Columns found: %s. Set %s, or score with --keep %s."
              .formatted(verb, column, String.join(", ", predictions.columns()), option, column));
    }
  }

  private static Quality quality(Dataset<Row> judged, Evaluation evaluation) {
    Double temperature = Temperature.fit(judged);
    int classes = evaluation.confusion().classes();
    return new Quality(
        CalibrationCurve.of(judged, 1),
        temperature == null ? null : CalibrationCurve.of(judged, temperature),
        classes == 2 ? DecisionThresholds.of(judged) : null,
        Coverage.of(judged, evaluation.evaluated()),
        LabelIssues.of(judged, classes, evaluation.evaluated()),
        Mistake.mostConfident(judged));
  }

  private static List<Slices> slices(Dataset<Row> judged, List<String> columns) {
    List<Slices> slices = new ArrayList<>();
    slices.add(Slices.byLength(judged));
    slices.add(Slices.byTruncation(judged));
    columns.forEach(column -> slices.add(Slices.byColumn(judged, column)));
    long comparisons = slices.stream().mapToLong(Slices::compared).sum();
    return slices.stream().map(each -> each.corrected(comparisons)).toList();
  }

  /** The analysis with mistakes of which more is known; there must be a quality. */
  public Analysis with(List<Mistake> mistakes) {
    return new Analysis(
        interval, quality.with(mistakes), slices, input, latencies, comparison, groups);
  }

  /** Adds the figures to those of a report. */
  public void describe(Fields fields) {
    fields.record("accuracy_interval", Interval.class, interval);
    fields.record("quality", Quality.class, quality);
    fields.records("slices", Slices.class, slices);
    fields.record("input", InputFacts.class, input);
    fields.record("latency", Latencies.class, latencies);
    fields.record("comparison", Comparison.class, comparison);
    fields.record("groups", Groups.class, groups);
  }
}
