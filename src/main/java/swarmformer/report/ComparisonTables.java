package swarmformer.report;

import static swarmformer.report.Numbers.NONE;
import static swarmformer.report.Numbers.count;
import static swarmformer.report.Numbers.percent;
import static swarmformer.report.Numbers.points;
import static swarmformer.report.Numbers.pointsAlone;
import static swarmformer.report.Numbers.pointsRange;
import static swarmformer.report.Numbers.pointsRangeAlone;
import static swarmformer.report.Numbers.probability;

import java.util.List;
import java.util.stream.Stream;
import swarmformer.analysis.ComparedSlices;
import swarmformer.analysis.Comparison;
import swarmformer.analysis.Groups;
import swarmformer.analysis.Slices;

/**
 * The tables on another run.
 *
 * @param comparison with it
 * @param classNames of this run
 */
public record ComparisonTables(Comparison comparison, List<String> classNames) {
  Table.Row headline() {
    Comparison.Counts counts = comparison.counts();
    return EvaluationTables.alone(
        "Run %s, on %s rows of both".formatted(comparison.runId(), count(counts.rows())),
        counts.accuracyThere(),
        counts.accuracyHere());
  }

  /** What the difference is, and whether it is more than chance, as a sentence. */
  public String difference() {
    Comparison.Significance found = comparison.significance();
    String chance =
        found.pValue() < 0.05
            ? "That is more than chance would give"
            : "So small a difference may well be chance";
    return "On %s rows of both, this run is %s run %s (95 %% interval of the difference %s). %s: McNemar's test, %s, p %s.%s"
        .formatted(
            count(comparison.counts().rows()),
            better(found.difference()),
            comparison.runId(),
            pointsRange(found.interval().low(), found.interval().high()),
            chance,
            test(found),
            probability(found.pValue()),
            found.groups() == null ? "" : " " + groups(found.groups()));
  }

  private static String test(Comparison.Significance found) {
    return found.groups() != null
        ? "with the design effect of the groups"
        : found.exact() ? "exact" : "chi-square with continuity correction";
  }

  private static String groups(Groups groups) {
    return "Interval and test heed the %s groups of %s: these rows tell as much as %s rows without groups."
        .formatted(
            count(groups.number()), groups.column(), count(Math.round(groups.effectiveRows())));
  }

  private static String better(double difference) {
    String size = points(Math.abs(difference)).substring(1);
    return difference == 0
        ? "exactly as accurate as"
        : size + (difference > 0 ? " better than" : " worse than");
  }

  /** Which of the two is right. */
  public Table counts() {
    Comparison.Counts counts = comparison.counts();
    return Table.of(
        List.of("", "Run %s right".formatted(comparison.runId()), "wrong"),
        List.of(
            Table.Row.of("This run right", count(counts.bothRight()), count(counts.onlyHere())),
            Table.Row.of("wrong", count(counts.onlyThere()), count(counts.bothWrong()))));
  }

  /** Figures of both runs. */
  public Table figures() {
    Comparison.Figures here = comparison.here();
    Comparison.Figures there = comparison.there();
    return Table.of(
        List.of("", "This run", "Run " + comparison.runId(), "Difference"),
        Stream.of(
                figure("Accuracy", here.accuracy(), there.accuracy()),
                figure("Precision", here.precision(), there.precision()),
                figure("Recall", here.recall(), there.recall()),
                figure("F1", here.f1(), there.f1()))
            .toList());
  }

  private static Table.Row figure(String name, double here, double there) {
    return Table.Row.of(name, percent(here), percent(there), points(here - there));
  }

  /** Both runs by the values of columns; there must be one. */
  public Table slices() {
    List<ComparedSlices> columns = comparison.slices();
    boolean single = columns.size() == 1;
    return Table.of(
        List.of(
            single ? columns.get(0).column() : "Slice",
            "Rows",
            "This run",
            "Other run",
            "Points",
            "95 % interval"),
        columns.stream()
            .flatMap(
                by ->
                    by.slices().stream()
                        .map(slice -> slice(single ? "" : by.column() + ": ", slice)))
            .toList());
  }

  private static Table.Row slice(String column, ComparedSlices.ComparedSlice slice) {
    return Table.Row.of(
        column + slice.value(),
        count(slice.counts().rows()),
        percent(slice.accuracyHere()),
        percent(slice.accuracyThere()),
        pointsAlone(slice.difference()),
        slice.interval() == null
            ? NONE
            : pointsRangeAlone(slice.interval().low(), slice.interval().high()));
  }

  /** How slices are compared, as a sentence. */
  public String slicesNote() {
    return "Points: the accuracy of this run minus that of the other. Values with at least %s rows of both, the worst change first; the others together. Each interval is of its slice alone: of 20 slices that have not changed about one has an interval without 0.%s"
        .formatted(
            count(Slices.FEWEST),
            comparison.significance().groups() == null
                ? ""
                : " The intervals heed groups; a slice of one group has none.");
  }

  /** Rows that turned. */
  public Table turned() {
    return Table.of(
        List.of("Id", "Label", "This run", "Confidence", "Run " + comparison.runId()),
        comparison.turned().stream()
            .map(
                row ->
                    Table.Row.of(
                        row.id(),
                        name(row.label()),
                        name(row.here()) + (row.isRight() ? ", right" : ", wrong"),
                        percent(row.confidence()),
                        name(row.there())))
            .toList());
  }

  private String name(long label) {
    return label < classNames.size() ? classNames.get((int) label) : "class " + label;
  }
}
