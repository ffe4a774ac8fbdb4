package swarmformer.report.trend;

import static swarmformer.report.Numbers.count;
import static swarmformer.report.Numbers.time;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import swarmformer.report.Axis;
import swarmformer.report.BarChart;
import swarmformer.report.LineChart;
import swarmformer.report.Numbers;
import swarmformer.report.Plot;
import swarmformer.store.Drift;

/**
 * The charts of figures over the nights. A chart for which no night has a figure has no lines.
 *
 * @param trend the nights
 */
public record TrendCharts(Trend trend) {
  private static final List<String> STYLES = List.of("first", "second", "third");

  /** Where the gate closes for nights of many rows. */
  private static final List<Axis.Tick> DRIFT_MARKS =
      List.of(new Axis.Tick(Drift.SHIFT, "limit " + Drift.SHIFT));

  /** More of them are counted. */
  private static final int MOST_NAMED = 3;

  /** A share of the classes must move by as much to fill the chart. */
  private static final double LEAST_SPAN = 0.1;

  /** Rows by what became of them. */
  public BarChart rows() {
    return new VolumeChart(trend, nightAxis()).chart();
  }

  /** Rows without a prediction. */
  public LineChart unscored() {
    NightSeries share = new NightSeries("", "first", TrendNight::unscoredShare, Numbers::percent);
    return chart(
        "Without a prediction", latest(share), fromZero("Share of rows", 0.01, share), share);
  }

  /** The classes. */
  public LineChart classes() {
    List<String> names = trend.classes();
    NightSeries[] series = new NightSeries[names.size()];
    for (int i = 0; i < series.length; i++) {
      String name = names.get(i);
      series[i] =
          new NightSeries(
              series.length == 1 ? "" : name,
              STYLES.get(i),
              night -> night.shareOf(name),
              Numbers::percent);
    }
    return series.length == 1
        ? chart("Share of " + names.get(0), latest(series[0]), around(series), series)
        : chart("Most frequent classes", "Of the rows with a prediction.", around(series), series);
  }

  /** The accuracy where labels have come, and that which can be expected without labels. */
  public LineChart accuracy() {
    String estimate =
        "The mean probability of the predicted class. It holds while the probabilities are calibrated and texts mean what they meant.";
    if (trend.judged().isEmpty()) {
      NightSeries share =
          new NightSeries("", "first", TrendNight::estimatedAccuracy, Numbers::percent);
      return chart("Estimated accuracy", estimate, around(share), share);
    }
    NightSeries[] series = {
      new NightSeries("by labels", "first", TrendNight::accuracy, Numbers::percent),
      new NightSeries("estimated", "second", TrendNight::estimatedAccuracy, Numbers::percent)
    };
    return chart(
        "Accuracy",
        "Of the rows whose labels have come. Estimated: " + estimate.replaceFirst("^The", "the"),
        around(series),
        series);
  }

  /** How many rows the model is unsure of. */
  public LineChart unsure() {
    NightSeries share = new NightSeries("", "first", TrendNight::unsureShare, Numbers::percent);
    return chart(
        "Not sure",
        "Scores above 0.1 and up to 0.9.",
        fromZero("Share of rows", 0.01, share),
        share);
  }

  /** Drift from the baseline. */
  public LineChart drift() {
    NightSeries[] series = {
      new NightSeries("score", "first", night -> night.drift(Drift::score), Numbers::index),
      new NightSeries("length", "second", night -> night.drift(Drift::length), Numbers::index),
      new NightSeries(
          "unknown tokens", "third", night -> night.drift(Drift::unknown), Numbers::index),
    };
    return chart(
        "Drift from the baseline",
        "Dotted: the limit of the gate, 0.2. Nights of few rows have a higher one, because they drift by chance.",
        fromZero("Population stability index", 0.3, series).marked(DRIFT_MARKS),
        series);
  }

  /** Texts that were truncated. */
  public LineChart truncated() {
    NightSeries share = new NightSeries("", "first", TrendNight::truncatedShare, Numbers::percent);
    return chart("Truncated texts", latest(share), fromZero("Share of rows", 0.01, share), share);
  }

  /** What a batch took. */
  public LineChart latency() {
    double unit = greatest(TrendNight::batchP95Ms) < 1_000 ? 1 : 1_000;
    NightSeries[] series = {
      new NightSeries(
          "median", "first", scaled(TrendNight::batchP50Ms, unit), ms -> time(ms * unit)),
      new NightSeries("p95", "second", scaled(TrendNight::batchP95Ms, unit), ms -> time(ms * unit))
    };
    return chart(
        "Batch latency",
        "What the network took for a batch.",
        fromZero(unit == 1 ? "Milliseconds" : "Seconds", 0.001, series),
        series);
  }

  /** How fast it went. */
  public LineChart throughput() {
    NightSeries rate = new NightSeries("", "first", TrendNight::textsPerSecond, Numbers::measured);
    return chart("Throughput", latest(rate), fromZero("Texts a second", 1, rate), rate);
  }

  private double greatest(Function<TrendNight, Double> figure) {
    return new NightSeries("", "", figure, Numbers::measured)
        .values(trend.nights())
        .max()
        .orElse(0);
  }

  private static Function<TrendNight, Double> scaled(
      Function<TrendNight, Double> figure, double unit) {
    return night -> {
      Double value = figure.apply(night);
      return value == null ? null : value / unit;
    };
  }

  private LineChart chart(String title, String description, Axis y, NightSeries... series) {
    List<LineChart.Line> lines = new ArrayList<>();
    for (int i = series.length - 1; i >= 0; i--) { // the first on top
      lines.addAll(series[i].lines(trend));
    }
    return new LineChart(title, description + beyond(y, series), new Plot(nightAxis(), y), lines);
  }

  /** A sentence on the nights that lie beyond an axis; empty for none. */
  private String beyond(Axis y, NightSeries... series) {
    List<String> named = new ArrayList<>();
    for (NightSeries each : series) {
      for (TrendNight night : trend.nights()) {
        Double value = each.figure().apply(night);
        if (value != null && y.isBeyond(value)) {
          named.add("%s (%s)".formatted(night.date(), each.text().apply(value)));
        }
      }
    }
    return beyond(named);
  }

  static String beyond(List<String> named) {
    int more = named.size() - MOST_NAMED;
    return named.isEmpty()
        ? ""
        : " Triangles lie beyond the axis: %s%s."
            .formatted(
                String.join(", ", named.subList(0, Math.min(MOST_NAMED, named.size()))),
                more > 0 ? " and " + count(more) + " more" : "");
  }

  private Axis nightAxis() {
    return DateAxis.of(trend.first(), trend.last())
        .marked(
            trend.changesOfModel().stream()
                .map(
                    night ->
                        new Axis.Tick(
                            night.date().toEpochDay() - 0.5,
                            "%s: model %s".formatted(night.date(), night.modelHash())))
                .toList());
  }

  private Axis fromZero(String title, double least, NightSeries... series) {
    double most = Math.max(least, ClippedScale.fromZero(all(series), least).to());
    return title.startsWith("Share")
        ? Axis.ofShares(title, 0, Math.min(1, most))
        : Axis.ofNumbers(title, 0, most);
  }

  private Axis around(NightSeries... series) {
    if (all(series).findAny().isEmpty()) {
      return Axis.ofShares("Share of rows", 0, 1);
    }
    ClippedScale scale = ClippedScale.around(all(series), LEAST_SPAN);
    double room = Math.max(0, LEAST_SPAN - (scale.to() - scale.from())) / 2;
    return Axis.ofShares(
        "Share of rows", Math.max(0, scale.from() - room), Math.min(1, scale.to() + room));
  }

  private DoubleStream all(NightSeries... series) {
    return Stream.of(series).flatMapToDouble(each -> each.values(trend.nights()));
  }

  /** The last value beside those before, as a sentence. */
  private String latest(NightSeries series) {
    Double latest = series.figure().apply(trend.latest());
    Double before = trend.medianBefore(series.figure());
    String now = latest == null ? "Latest none" : "Latest " + series.text().apply(latest);
    return before == null
        ? now + "."
        : "%s, median before %s.".formatted(now, series.text().apply(before));
  }
}
