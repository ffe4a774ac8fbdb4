package swarmformer.jobs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import swarmformer.report.Axis;
import swarmformer.report.LineChart;
import swarmformer.report.LineChart.Line;
import swarmformer.report.LineChart.Point;
import swarmformer.report.Pages;
import swarmformer.report.Plot;
import swarmformer.training.History;
import swarmformer.training.History.Epoch;

/** Loss and accuracy of a training, epoch by epoch, as a picture in SVG. */
final class TrainingCurves {
  private static final int MOST_TICKS = 8;

  private final List<Epoch> epochs;

  private TrainingCurves(History history) {
    this.epochs = history.epochs();
  }

  /** The text of the picture. */
  static String draw(History history) {
    TrainingCurves curves = new TrainingCurves(history);
    return Pages.fill(
        "curves.jte",
        List.of(
            curves.chart("Loss", Epoch::loss, Epoch::validationLoss, 1, ""),
            curves.chart("Accuracy", Epoch::accuracy, Epoch::validationAccuracy, 100, " %")));
  }

  private LineChart chart(
      String title,
      ToDoubleFunction<Epoch> training,
      ToDoubleFunction<Epoch> validation,
      int scale,
      String unit) {
    List<Line> lines = new ArrayList<>();
    if (epochs.stream().allMatch(Epoch::validated)) {
      lines.add(line("validation", "second", validation, scale, unit));
    }
    lines.add(line("training", "first", training, scale, unit));
    DoubleSummaryStatistics values =
        lines.stream()
            .flatMap(line -> line.points().stream())
            .mapToDouble(Point::y)
            .summaryStatistics();
    Axis y =
        scale == 1
            ? Axis.ofNumbers(title, values.getMin(), values.getMax())
            : Axis.ofShares(title, values.getMin(), values.getMax());
    return new LineChart(title, "", new Plot(epochAxis(), y), lines);
  }

  private Line line(String name, String style, ToDoubleFunction<Epoch> of, int scale, String unit) {
    List<Point> points =
        epochs.stream()
            .map(
                epoch -> {
                  double y = of.applyAsDouble(epoch);
                  String note =
                      String.format(
                          Locale.ROOT,
                          "epoch %d, %s: %.4g%s",
                          epoch.epoch(),
                          name,
                          scale * y,
                          unit);
                  return new Point(epoch.epoch(), y, y, y, note);
                })
            .toList();
    return new Line(name, style, true, points);
  }

  private Axis epochAxis() {
    int last = epochs.stream().map(Epoch::epoch).max(Comparator.naturalOrder()).orElse(1);
    int step = (last + MOST_TICKS - 1) / MOST_TICKS;
    List<Axis.Tick> ticks =
        IntStream.rangeClosed(1, last)
            .filter(epoch -> epoch % step == 0)
            .mapToObj(epoch -> new Axis.Tick(epoch, String.valueOf(epoch)))
            .toList();
    return new Axis("Epoch", last == 1 ? 0 : 1, last, ticks);
  }
}
