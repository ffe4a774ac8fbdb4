package swarmformer.jobs;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
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
import swarmformer.training.TrainingHistory;
import swarmformer.training.TrainingHistory.Epoch;
import swarmformer.training.TrainingHistory.Part;

/**
 * Loss and accuracy of a training as a picture in SVG: of learning within the epochs, of validation
 * after each.
 */
final class TrainingCurves {
  private static final int MOST_TICKS = 8;

  private final List<Epoch> epochs;
  private final List<Part> parts;

  /** An axis from a title and the range of what it shows. */
  private interface Scale {
    Axis axis(String title, double from, double to);
  }

  private TrainingCurves(TrainingHistory history) {
    this.epochs = history.epochs();
    this.parts = history.parts();
  }

  /** The text of the picture. */
  static String draw(TrainingHistory history) {
    TrainingCurves curves = new TrainingCurves(history);
    return Pages.fill(
        "curves.jte",
        List.of(
            curves.chart(
                "Loss", Axis::ofNumbers, Numbers::decimal, Part::loss, Epoch::validationLoss),
            curves.chart(
                "Accuracy",
                Axis::ofShares,
                Numbers::percent,
                Part::accuracy,
                Epoch::validationAccuracy)));
  }

  private LineChart chart(
      String title,
      Scale scale,
      Function<Double, String> text,
      ToDoubleFunction<Part> training,
      ToDoubleFunction<Epoch> validation) {
    List<Line> lines = new ArrayList<>();
    if (epochs.stream().allMatch(Epoch::validated)) {
      lines.add(new Line("validation", "second", true, validationPoints(validation, text)));
    }
    lines.add(new Line("training", "first", false, trainingPoints(training, text)));
    DoubleSummaryStatistics values =
        lines.stream()
            .flatMap(line -> line.points().stream())
            .mapToDouble(Point::y)
            .summaryStatistics();
    Axis y = scale.axis(title, values.getMin(), values.getMax());
    return new LineChart(title, "", new Plot(epochAxis(), y), lines);
  }

  private List<Point> trainingPoints(ToDoubleFunction<Part> of, Function<Double, String> text) {
    return parts.stream()
        .map(
            part -> {
              String from = Numbers.measured(part.from());
              String name = "epoch %s to %s, training".formatted(from, Numbers.measured(part.to()));
              return point((part.from() + part.to()) / 2, of.applyAsDouble(part), name, text);
            })
        .toList();
  }

  private List<Point> validationPoints(ToDoubleFunction<Epoch> of, Function<Double, String> text) {
    return epochs.stream()
        .map(
            epoch -> {
              String name = String.format(Locale.ROOT, "epoch %d, validation", epoch.epoch());
              return point(epoch.epoch(), of.applyAsDouble(epoch), name, text);
            })
        .toList();
  }

  private static Point point(double x, double y, String name, Function<Double, String> text) {
    return new Point(x, y, y, y, name + ": " + text.apply(y));
  }

  private Axis epochAxis() {
    int last = epochs.get(epochs.size() - 1).epoch();
    int step = (last + MOST_TICKS - 1) / MOST_TICKS;
    List<Axis.Tick> ticks =
        IntStream.rangeClosed(0, last)
            .filter(epoch -> epoch % step == 0)
            .mapToObj(epoch -> new Axis.Tick(epoch, String.valueOf(epoch)))
            .toList();
    return new Axis("Epochs", 0, last, ticks);
  }
}
