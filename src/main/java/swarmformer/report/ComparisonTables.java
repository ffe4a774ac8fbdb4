package swarmformer.report;

import static swarmformer.report.Numbers.count;
import static swarmformer.report.Numbers.percent;
import static swarmformer.report.Numbers.points;
import static swarmformer.report.Numbers.pointsRange;
import static swarmformer.report.Numbers.probability;
import static swarmformer.report.Numbers.surely;

import java.util.List;
import java.util.stream.Stream;
import swarmformer.analysis.Comparison;

/**
 * The tables on another run.
 *
 * @param comparison with it
 * @param classNames of this run
 */
public record ComparisonTables(Comparison comparison, List<String> classNames) {
  Table.Row headline() {
    Comparison.Counts counts = comparison.counts();
    double there = (double) (counts.bothRight() + counts.onlyThere()) / counts.rows();
    double here = (double) (counts.bothRight() + counts.onlyHere()) / counts.rows();
    return EvaluationTables.alone(
        "Run %s, on %s rows of both".formatted(comparison.runId(), count(counts.rows())),
        there,
        here);
  }

  /** What the difference is, and whether it is more than chance, as a sentence. */
  public String difference() {
    Comparison.Significance found = comparison.significance();
    String chance =
        found.pValue() < 0.05
            ? "That is more than chance would give"
            : "So small a difference may well be chance";
    return "On %s rows of both, this run is %s run %s (95 %% interval of the difference %s). %s: McNemar's test, %s, p %s."
        .formatted(
            count(comparison.counts().rows()),
            better(found.difference()),
            comparison.runId(),
            pointsRange(found.interval().low(), found.interval().high()),
            chance,
            found.exact() ? "exact" : "chi-square with continuity correction",
            probability(found.pValue()));
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
                        surely(row.confidence()),
                        name(row.there())))
            .toList());
  }

  private String name(long label) {
    return label < classNames.size() ? classNames.get((int) label) : "class " + label;
  }
}
