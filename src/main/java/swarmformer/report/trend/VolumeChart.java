package swarmformer.report.trend;

import static swarmformer.report.Numbers.count;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import swarmformer.report.Axis;
import swarmformer.report.BarChart;
import swarmformer.report.Plot;
import swarmformer.store.Manifest;

/** The rows of each night, by whether they were computed. */
record VolumeChart(Trend trend, Axis nights) {
  /** Rows, thousands of them, or millions. */
  private record Unit(String name, double rows) {
    static Unit of(double most) {
      return most < 20_000
          ? new Unit("Rows", 1)
          : most < 2_000_000
              ? new Unit("Rows, in thousands", 1e3)
              : new Unit("Rows, in millions", 1e6);
    }
  }

  BarChart chart() {
    double most =
        ClippedScale.fromZero(trend.nights().stream().mapToDouble(VolumeChart::rows), 5).to();
    Unit unit = Unit.of(most);
    Axis rows = Axis.ofNumbers(unit.name(), 0, Math.max(most, 5) / unit.rows());
    List<BarChart.Series> series = new ArrayList<>();
    add(series, "new", "first", Manifest.Counts::fresh, counts -> 0, unit);
    add(series, "changed", "second", Manifest.Counts::changed, Manifest.Counts::fresh, unit);
    add(series, "reused", "third", Manifest.Counts::reused, Manifest.Counts::computed, unit);
    return new BarChart(
        "Rows",
        "Only new and changed texts are scored." + beyond(rows, unit),
        new Plot(nights, rows),
        series);
  }

  private String beyond(Axis axis, Unit unit) {
    return TrendCharts.beyond(
        trend.nights().stream()
            .filter(night -> axis.isBeyond(rows(night) / unit.rows()))
            .map(night -> "%s (%s)".formatted(night.date(), count(night.counts().rows())))
            .toList());
  }

  private static double rows(TrendNight night) {
    return night.counts().rows();
  }

  private void add(
      List<BarChart.Series> series,
      String name,
      String style,
      ToLongFunction<Manifest.Counts> rows,
      ToLongFunction<Manifest.Counts> below,
      Unit unit) {
    List<BarChart.Bar> bars =
        trend.nights().stream()
            .filter(night -> rows.applyAsLong(night.counts()) > 0)
            .map(night -> bar(night, name, rows, below, unit))
            .toList();
    if (!bars.isEmpty()) {
      series.add(new BarChart.Series(name, style, bars));
    }
  }

  private static BarChart.Bar bar(
      TrendNight night,
      String name,
      ToLongFunction<Manifest.Counts> rows,
      ToLongFunction<Manifest.Counts> below,
      Unit unit) {
    double day = night.date().toEpochDay();
    long number = rows.applyAsLong(night.counts());
    return new BarChart.Bar(
        day - 0.5,
        day + 0.5,
        below.applyAsLong(night.counts()) / unit.rows(),
        number / unit.rows(),
        "%s: %s of %s rows %s"
            .formatted(night.date(), count(number), count(night.counts().rows()), name));
  }
}
