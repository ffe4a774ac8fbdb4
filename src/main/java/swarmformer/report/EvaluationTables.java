package swarmformer.report;

import static swarmformer.report.Numbers.NONE;
import static swarmformer.report.Numbers.count;
import static swarmformer.report.Numbers.decimal;
import static swarmformer.report.Numbers.percent;
import static swarmformer.report.Numbers.points;
import static swarmformer.report.Numbers.wholePercent;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import swarmformer.analysis.Analysis;
import swarmformer.analysis.CalibrationCurve;
import swarmformer.analysis.Interval;
import swarmformer.analysis.LabelIssues;
import swarmformer.analysis.Slices;
import swarmformer.metrics.PublishedFigures;

/** The tables on how right predictions are. */
public record EvaluationTables(EvaluationPage page) {
  /** Of labels that may be wrong. */
  private static final int MOST_PAIRS = 10;

  /** This run beside what it is compared with. */
  public Table headline() {
    double accuracy = page.confusion().accuracy();
    Interval interval = page.analysis().interval();
    List<Table.Row> rows = new ArrayList<>();
    rows.add(
        new Table.Row(
            List.of("This run", percent(accuracy), ""),
            new Table.Range(interval.low(), accuracy, interval.high())));
    rows.add(
        alone(
            "Always saying " + page.classNames().get(page.confusion().mostFrequentLabel()),
            page.confusion().baseRate(),
            accuracy));
    page.report().published().ifPresent(published -> rows.add(published(published)));
    if (page.analysis().comparison() != null) {
      rows.add(page.comparison().headline());
    }
    return new Table(List.of("", "Accuracy", "This run differs by"), rows, scaleOf(rows));
  }

  private Table.Row published(PublishedFigures published) {
    return alone(
        "Published: %s, IMDb test reviews".formatted(published.model()),
        published.accuracy(),
        page.confusion().accuracy());
  }

  /** An accuracy without an interval beside that of this run. */
  static Table.Row alone(String name, double accuracy, double here) {
    return new Table.Row(
        List.of(name, percent(accuracy), points(here - accuracy)),
        new Table.Range(accuracy, accuracy, accuracy));
  }

  /** Precision, recall and F1 of each class. */
  public Table classes() {
    return Table.of(
        List.of("Class", "Labelled", "Predicted", "Precision", "Recall", "F1"),
        page.confusion().ofClasses(page.classNames()).stream()
            .map(
                each ->
                    Table.Row.of(
                        each.name(),
                        count(each.labelled()),
                        count(each.predicted()),
                        percent(each.precision()),
                        percent(each.recall()),
                        percent(each.f1())))
            .toList());
  }

  /** What other decision thresholds give; there must be some. */
  public Table decisions() {
    String positive = page.classNames().get(1);
    return Table.of(
        List.of(
            positive + " from",
            "Predicted " + positive,
            "Precision",
            "Recall",
            "False positive rate",
            "Accuracy"),
        page.analysis().quality().decisions().thresholds().stream()
            .map(
                each ->
                    Table.Row.of(
                        wholePercent(each.probability()),
                        count(each.predicted()),
                        percent(each.precision()),
                        percent(each.recall()),
                        percent(each.falsePositiveRate()),
                        percent(each.accuracy())))
            .toList());
  }

  /** How many labels may be wrong, as a sentence. */
  public String labelIssues() {
    LabelIssues issues = page.analysis().quality().labelIssues();
    return issues.rows() == 0
        ? "No label looks wrong: no row reaches another class's usual confidence rather than that of its label."
        : "%s labels look wrong (%s of the rows): those rows reach another class's usual confidence, its mean probability over the rows with its label, rather than that of their label. The model's own errors are among them."
            .formatted(count(issues.rows()), percent(issues.share()));
  }

  /** Labels that may be wrong, by pair of classes. */
  public Table labelIssuePairs() {
    return Table.of(
        List.of("Label", "Suggested", "Rows"),
        page.analysis().quality().labelIssues().pairs().stream()
            .limit(MOST_PAIRS)
            .map(
                pair ->
                    Table.Row.of(
                        page.classNames().get((int) pair.label()),
                        page.classNames().get((int) pair.suggested()),
                        count(pair.rows())))
            .toList());
  }

  /** Calibration before and after scaling. */
  public Table calibration() {
    Analysis.Quality quality = page.analysis().quality();
    List<Table.Row> rows = new ArrayList<>();
    rows.add(calibration("As predicted", quality.calibration()));
    if (quality.scaled() != null) {
      rows.add(calibration("Temperature scaling", quality.scaled()));
    }
    return Table.of(List.of("", "Temperature", "Calibration error", "Worst bin", "Log loss"), rows);
  }

  private static Table.Row calibration(String name, CalibrationCurve calibration) {
    return Table.Row.of(
        name,
        decimal(calibration.temperature()),
        percent(calibration.expectedError()),
        percent(calibration.greatestError()),
        decimal(calibration.logLoss()));
  }

  /** What can be decided at an allowed error. */
  public Table targets() {
    return Table.of(
        List.of(
            "Wrong at most",
            "Decided automatically",
            "Rows",
            "From confidence",
            "Wrong",
            "95 % interval"),
        page.analysis().quality().coverage().targets().stream()
            .map(
                target ->
                    Table.Row.of(
                        wholePercent(target.allowedError()),
                        percent(target.coverage()),
                        count(target.rows()),
                        target.confidence() == null ? NONE : percent(target.confidence()),
                        percent(target.error()),
                        target.rows() == 0 ? NONE : Numbers.range(target.errorInterval())))
            .toList());
  }

  /** What is decided from a confidence up. */
  public Table thresholds() {
    return Table.of(
        List.of("Confidence from", "Decided automatically", "Rows", "Wrong", "Error"),
        page.analysis().quality().coverage().thresholds().stream()
            .map(
                threshold ->
                    Table.Row.of(
                        threshold.confidence() == 0 ? "all" : wholePercent(threshold.confidence()),
                        percent(threshold.coverage()),
                        count(threshold.rows()),
                        count(threshold.wrong()),
                        percent(threshold.error())))
            .toList());
  }

  /** Accuracy by the values of a column. */
  public Table slices(Slices slices) {
    List<Table.Row> rows =
        slices.slices().stream()
            .map(
                slice ->
                    new Table.Row(
                        List.of(
                            slice.value() + (slice.isWeak() ? " (weak)" : ""),
                            count(slice.rows()),
                            percent(slice.accuracy())),
                        new Table.Range(
                            slice.interval().low(), slice.accuracy(), slice.interval().high())))
            .toList();
    return new Table(List.of(headingOf(slices), "Rows", "Accuracy"), rows, scaleOf(rows));
  }

  /** How slices are compared, as a sentence. */
  public String comparisons() {
    long compared = page.analysis().slices().stream().mapToLong(Slices::compared).sum();
    return "Values with at least %s rows, the weakest first where they have no order of their own; the others together. Weak: less accurate than the rest of the rows, at p < 0.05 after Bonferroni's correction for the %s comparisons on this page."
        .formatted(count(Slices.FEWEST), count(compared));
  }

  /** What accuracy is told by. */
  public String titleOf(Slices slices) {
    return switch (slices.column()) {
      case "tokens" -> "By length";
      case "truncated" -> "By truncation";
      default -> "By " + slices.column();
    };
  }

  private static String headingOf(Slices slices) {
    return switch (slices.column()) {
      case "tokens" -> "Length in tokens";
      case "truncated" -> "Text";
      default -> slices.column();
    };
  }

  private static Axis scaleOf(List<Table.Row> rows) {
    DoubleStream lows = rows.stream().mapToDouble(row -> row.range().low());
    DoubleStream highs = rows.stream().mapToDouble(row -> row.range().high());
    return Axis.ofShares("", lows.min().orElse(0), highs.max().orElse(1));
  }
}
