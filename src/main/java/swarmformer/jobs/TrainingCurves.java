package swarmformer.jobs;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import swarmformer.report.Axis;
import swarmformer.report.LineChart;
import swarmformer.report.LineChart.Line;
import swarmformer.report.LineChart.Point;
import swarmformer.report.Numbers;
import swarmformer.report.Pages;
import swarmformer.report.Plot;
import swarmformer.training.History;
import swarmformer.training.History.Epoch;

/** Loss and accuracy of a training, epoch by epoch, as a picture in SVG. */
final class TrainingCurves {
  private static final int MOST_TICKS = 8;

  private final List<Epoch> epochs;

  /** An axis from a title and the range of what it shows. */
  private interface Scale {
    Axis axis(String title, double from, double to);
  }

  private TrainingCurves(History history) {
    this.epochs = history.epochs();
  }

  /** The text of the picture. */
  static String draw(History history) {
    TrainingCurves curves = new TrainingCurves(history);
    return Pages.fill(
        "curves.jte",
        List.of(
            curves.chart(
                "Loss", Axis::ofNumbers, Numbers::decimal, Epoch::loss, Epoch::validationLoss),
            curves.chart(
                "Accuracy",
                Axis::ofShares,
                Numbers::percent,
                Epoch::accuracy,
                Epoch::validationAccuracy)));
  }

  private LineChart chart(
      String title,
      Scale scale,
      Function<Double, String> text,
      ToDoubleFunction<Epoch> training,
      ToDoubleFunction<Epoch> validation) {
    List<Line> lines = new ArrayList<>();
    if (epochs.stream().allMatch(Epoch::validated)) {
      lines.add(line("validation", "second", validation, text));
    }
    lines.add(line("training", "first", training, text));
    DoubleSummaryStatistics values =
        lines.stream()
            .flatMap(line -> line.points().stream())
            .mapToDouble(Point::y)
            .summaryStatistics();
    Axis y = scale.axis(title, values.getMin(), values.getMax());
    return new LineChart(title, "", new Plot(epochAxis(), y), lines);
  }

  private Line line(
      String name, String style, ToDoubleFunction<Epoch> of, Function<Double, String> text) {
    List<Point> points =
        epochs.stream()
            .map(
                epoch -> {
                  double y = of.applyAsDouble(epoch);
                  String note = "epoch %d, %s: %s".formatted(epoch.epoch(), name, text.apply(y));
                  return new Point(epoch.epoch(), y, y, y, note);
                })
            .toList();
    return new Line(name, style, true, points);
  }

  private Axis epochAxis() {
    int last = epochs.size();
    int step = (last + MOST_TICKS - 1) / MOST_TICKS;
    List<Axis.Tick> ticks =
        IntStream.rangeClosed(1, last)
            .filter(epoch -> epoch % step == 0)
            .mapToObj(epoch -> new Axis.Tick(epoch, String.valueOf(epoch)))
            .toList();
    return new Axis("Epoch", last == 1 ? 0 : 1, last, ticks);
  }
}
