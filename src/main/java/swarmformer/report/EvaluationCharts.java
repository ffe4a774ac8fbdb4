package swarmformer.report;

import static swarmformer.report.Numbers.count;
import static swarmformer.report.Numbers.percent;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import swarmformer.analysis.Analysis;
import swarmformer.analysis.CalibrationCurve;
import swarmformer.analysis.Coverage;
import swarmformer.metrics.Evaluation;

/**
 * Charts of what the probabilities are worth.
 *
 * @param evaluation of rows, at least one
 * @param quality of their probabilities
 */
public record EvaluationCharts(Evaluation evaluation, Analysis.Quality quality) {
  /** The error of a smaller share of the rows says little, and may be any. */
  private static final double FEWEST = 0.02;

  /** Accuracy over confidence. */
  public LineChart reliability() {
    double from = leastConfidence();
    List<LineChart.Line> lines = new ArrayList<>();
    lines.add(RankingCharts.guide(from, from, 1, 1));
    if (quality.scaled() != null) {
      lines.add(bins("after temperature scaling", "second", quality.scaled()));
    }
    lines.add(bins("as predicted, with 95 % intervals", "first", quality.calibration()));
    return new LineChart(
        "Reliability",
        "Dotted: perfectly calibrated. Below it the model is over-confident.",
        new Plot(
            Axis.ofShares("Confidence", from, 1),
            Axis.ofShares("Accuracy", Math.min(from, leastAccuracy()), 1)),
        lines);
  }

  /** Confidence cannot be less than one in as many as there are classes. */
  private double leastConfidence() {
    return Math.floor(20.0 / evaluation.confusion().classes()) / 20;
  }

  private double leastAccuracy() {
    DoubleStream predicted =
        quality.calibration().bins().stream().mapToDouble(bin -> bin.interval().low());
    DoubleStream scaled =
        Stream.ofNullable(quality.scaled())
            .flatMapToDouble(curve -> curve.bins().stream().mapToDouble(bin -> bin.accuracy()));
    return DoubleStream.concat(predicted, scaled).min().orElse(0);
  }

  private static LineChart.Line bins(String name, String style, CalibrationCurve calibration) {
    boolean whiskers = style.equals("first");
    return new LineChart.Line(
        name,
        style,
        true,
        calibration.bins().stream()
            .map(
                bin ->
                    new LineChart.Point(
                        bin.confidence(),
                        bin.accuracy(),
                        whiskers ? bin.interval().low() : bin.accuracy(),
                        whiskers ? bin.interval().high() : bin.accuracy(),
                        note(bin)))
            .toList());
  }

  private static String note(CalibrationCurve.Bin bin) {
    return "%s rows with confidence %s: %s right"
        .formatted(count(bin.rows()), percent(bin.confidence()), percent(bin.accuracy()));
  }

  /** Rows by confidence. */
  public BarChart confidence() {
    List<CalibrationCurve.Bin> bins = quality.calibration().bins();
    double rows = evaluation.evaluated();
    double most = bins.stream().mapToLong(CalibrationCurve.Bin::rows).max().orElse(1) / rows;
    return BarChart.of(
        "How sure the model is",
        "Share of rows by the probability of their predicted class.",
        new Plot(
            Axis.ofShares("Confidence", leastConfidence(), 1),
            Axis.ofShares("Share of rows", 0, most)),
        bins.stream()
            .map(bin -> new BarChart.Bar(bin.from(), bin.to(), bin.rows() / rows, note(bin)))
            .toList());
  }

  /** Error over coverage. */
  public LineChart coverage() {
    List<Coverage.Cut> curve =
        quality.coverage().curve().stream().filter(cut -> cut.coverage() >= FEWEST).toList();
    double most = curve.stream().mapToDouble(Coverage.Cut::error).max().orElse(0);
    return new LineChart(
        "Risk and coverage",
        "Error rate if only the most confident rows are decided.",
        new Plot(
            Axis.ofShares("Decided automatically", 0, 1),
            Axis.ofShares("Wrong among them", 0, Math.max(most, 0.01))),
        List.of(
            new LineChart.Line(
                "",
                "first",
                false,
                curve.stream()
                    .map(cut -> LineChart.Point.at(cut.coverage(), cut.error()))
                    .toList())));
  }
}
