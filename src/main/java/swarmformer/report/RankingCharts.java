package swarmformer.report;

import static swarmformer.report.Numbers.decimal;
import static swarmformer.report.Numbers.percent;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import swarmformer.metrics.Evaluation;
import swarmformer.metrics.Probabilities;
import swarmformer.metrics.Ranking;

/**
 * Charts of what a threshold on the score gives, for two classes.
 *
 * @param evaluation with a ranking
 */
public record RankingCharts(Evaluation evaluation) {
  /** The threshold above all scores, from which a ROC curve begins. */
  private static final Ranking.Point NONE_TAKEN = new Ranking.Point(1, 0, 0, 1);

  /** Recall over the false positive rate. */
  public LineChart roc() {
    Axis x = Axis.ofShares("False positive rate", 0, 1);
    Axis y = Axis.ofShares("True positive rate (recall)", 0, 1);
    return new LineChart(
        "ROC curve",
        "Area under the curve %s. Dotted: random guessing."
            .formatted(decimal(probabilities().rocAuc())),
        new Plot(x, y),
        List.of(
            guide(0, 0, 1, 1),
            curve(
                Stream.concat(Stream.of(NONE_TAKEN), points()),
                Ranking.Point::falsePositiveRate,
                Ranking.Point::recall)));
  }

  /** Precision over recall. */
  public LineChart precisionRecall() {
    double share = (double) labelled() / evaluation.evaluated();
    return new LineChart(
        "Precision and recall",
        "Average precision %s. Dotted: random guessing, %s."
            .formatted(decimal(probabilities().averagePrecision()), percent(share)),
        new Plot(Axis.ofShares("Recall", 0, 1), Axis.ofShares("Precision", 0, 1)),
        List.of(
            guide(0, share, 1, share),
            curve(points(), Ranking.Point::recall, Ranking.Point::precision)));
  }

  private long labelled() {
    long[] row = evaluation.confusion().counts()[1];
    return row[0] + row[1];
  }

  private Probabilities probabilities() {
    return evaluation.probabilities();
  }

  private Stream<Ranking.Point> points() {
    return probabilities().ranking().curve().stream();
  }

  private static LineChart.Line curve(
      Stream<Ranking.Point> points,
      ToDoubleFunction<Ranking.Point> across,
      ToDoubleFunction<Ranking.Point> up) {
    return new LineChart.Line(
        "",
        "first",
        false,
        points
            .map(at -> LineChart.Point.at(across.applyAsDouble(at), up.applyAsDouble(at)))
            .toList());
  }

  /** A straight line to compare with. */
  static LineChart.Line guide(double fromX, double fromY, double toX, double toY) {
    return new LineChart.Line(
        "",
        "guide",
        false,
        List.of(LineChart.Point.at(fromX, fromY), LineChart.Point.at(toX, toY)));
  }
}
