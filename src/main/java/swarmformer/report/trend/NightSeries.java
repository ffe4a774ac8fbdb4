package swarmformer.report.trend;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import swarmformer.report.LineChart;

/**
 * A figure over the nights, which is a line with gaps.
 *
 * @param name its name in the legend; empty for none
 * @param style which of the page's styles
 * @param figure the figure of a night; null where there is none
 * @param text how it is written
 */
record NightSeries(
    String name, String style, Function<TrendNight, Double> figure, Function<Double, String> text) {
  /** More of them would touch each other. */
  private static final int MOST_DOTS = 45;

  /** All values that there are. */
  DoubleStream values(List<TrendNight> nights) {
    return nights.stream().map(figure).filter(Objects::nonNull).mapToDouble(Double::doubleValue);
  }

  /** A line for each run of nights that have the figure; the first one bears the name. */
  List<LineChart.Line> lines(Trend trend) {
    Set<LocalDate> breaks = trend.breaks();
    List<TrendNight> nights = trend.nights();
    List<LineChart.Line> lines = new ArrayList<>();
    List<LineChart.Point> run = new ArrayList<>();
    for (TrendNight night : nights) {
      Double value = figure.apply(night);
      double day = night.date().toEpochDay();
      if (value == null || breaks.contains(night.date())) {
        end(run, nights.size(), lines);
        run = new ArrayList<>();
      }
      if (value != null) {
        run.add(new LineChart.Point(day, value, value, value, note(night, value)));
      }
    }
    end(run, nights.size(), lines);
    return lines;
  }

  /** A night alone would be a line without length. */
  private void end(List<LineChart.Point> run, int nights, List<LineChart.Line> lines) {
    if (!run.isEmpty()) {
      boolean dots = nights <= MOST_DOTS || run.size() == 1;
      lines.add(new LineChart.Line(lines.isEmpty() ? name : "", style, dots, run));
    }
  }

  private String note(TrendNight night, double value) {
    String what = name.isEmpty() ? "" : ", " + name;
    return "%s%s: %s".formatted(night.date(), what, text.apply(value));
  }
}
