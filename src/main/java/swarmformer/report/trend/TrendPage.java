package swarmformer.report.trend;

import static swarmformer.report.Numbers.NONE;
import static swarmformer.report.Numbers.count;
import static swarmformer.report.Numbers.percent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import swarmformer.analysis.NightAccuracy;
import swarmformer.report.Numbers;
import swarmformer.report.Pages;
import swarmformer.report.Table;
import swarmformer.store.Manifest;

/**
 * The page that tells how the nights of a store went.
 *
 * @param trend the nights
 * @param store where they are
 * @param command what was typed to make the page
 */
public record TrendPage(Trend trend, String store, String command) {
  /** The page, one file that needs nothing else. */
  public String html() {
    return Pages.fill("trend.jte", this);
  }

  /** Whether all is well, and what is not. */
  public String state() {
    return Findings.state(trend);
  }

  /** What the store holds. */
  public String headline() {
    return trend.dates().size() == 1 ? "1 night" : count(trend.dates().size()) + " nights";
  }

  /** From when to when, and how much. */
  public String period() {
    String rows = count(trend.rows()) + " rows";
    return trend.first().equals(trend.last())
        ? "%s, %s".formatted(trend.first(), rows)
        : "%s to %s, %s in all".formatted(trend.first(), trend.last(), rows);
  }

  /** The latest night in a line. */
  public String latest() {
    TrendNight night = trend.latest();
    Manifest.Counts counts = night.counts();
    if (counts.rows() == 0) {
      return "%s has no rows".formatted(night.date());
    }
    List<String> shares = new ArrayList<>();
    trend
        .classes()
        .forEach(name -> shares.add("%s %s".formatted(percent(night.shareOf(name)), name)));
    return "%s: %s rows (%s new, %s changed, %s reused), %s without a prediction, of the others %s"
        .formatted(
            night.date(),
            count(counts.rows()),
            count(counts.fresh()),
            count(counts.changed()),
            count(counts.reused()),
            count(night.unscored()),
            String.join(", ", shares));
  }

  /** What the labels that have come say; empty without labels. */
  public Optional<String> accuracy() {
    List<TrendNight> judged = trend.judged();
    if (judged.isEmpty()) {
      return Optional.empty();
    }
    NightAccuracy all = trend.distinct();
    TrendNight last = judged.get(judged.size() - 1);
    return Optional.of(
        "Right for %s of %s distinct rows with labels (%s, 95 %% interval %s) in %s; in the latest of them, %s, %s of %s%s"
            .formatted(
                count(all.right()),
                count(all.rows()),
                percent(all.accuracy()),
                Numbers.range(all.interval()),
                judged.size() == 1 ? "1 night" : count(judged.size()) + " nights",
                last.date(),
                percent(last.accuracy()),
                count(last.judged().rows()),
                last.estimatedAccuracy() == null
                    ? ""
                    : ", estimated " + percent(last.estimatedAccuracy())));
  }

  /** What somebody should look at; empty if nothing. */
  public List<Finding> findings() {
    return Findings.of(trend);
  }

  /** What was checked, where nothing is found. */
  public String noFindings() {
    return Findings.none(trend);
  }

  /** The figures of the latest night, each beside those before. */
  public List<Table.Row> figures() {
    List<Table.Row> figures = new ArrayList<>();
    figures.add(
        figure("Rows", night -> (double) night.counts().rows(), rows -> count(Math.round(rows))));
    trend
        .classes()
        .forEach(
            name -> figures.add(figure(title(name), it -> it.shareOf(name), Numbers::percent)));
    if (!trend.judged().isEmpty()) {
      figures.add(figure("Accuracy", TrendNight::accuracy, Numbers::percent));
    }
    if (trend.nights().stream().anyMatch(night -> night.estimatedAccuracy() != null)) {
      figures.add(figure("Estimated accuracy", TrendNight::estimatedAccuracy, Numbers::percent));
    }
    figures.add(figure("No prediction", TrendNight::unscoredShare, Numbers::percent));
    figures.add(figure("Texts truncated", TrendNight::truncatedShare, Numbers::percent));
    figures.add(figure("Max drift", TrendNight::greatestDrift, Numbers::index));
    figures.add(figure("Batch latency, p95", TrendNight::batchP95Ms, Numbers::time));
    figures.add(figure("Texts a second", TrendNight::textsPerSecond, Numbers::measured));
    Manifest.Model model = trend.latest().manifest().model();
    figures.add(Table.Row.of("Model", trend.latest().modelHash(), model.dtype()));
    return figures;
  }

  private Table.Row figure(
      String name, Function<TrendNight, Double> figure, Function<Double, String> text) {
    Double latest = figure.apply(trend.latest());
    Double before = trend.medianBefore(figure);
    return Table.Row.of(
        name,
        latest == null ? NONE : text.apply(latest),
        before == null ? "none before" : "median before " + text.apply(before));
  }

  /** A class as a heading. */
  static String title(String className) {
    return className.substring(0, 1).toUpperCase(Locale.ROOT) + className.substring(1);
  }

  /** Whether there is anything to draw a line through. */
  public boolean hasCharts() {
    return trend.dates().size() > 1;
  }

  /** The charts. */
  public TrendCharts charts() {
    return new TrendCharts(trend);
  }

  /** All nights. */
  public NightTable nights() {
    return new NightTable(trend);
  }

  /** The models, the newest first. */
  public Table models() {
    List<Table.Row> rows = new ArrayList<>();
    for (List<TrendNight> span : trend.byModel()) {
      Manifest.Model model = span.get(0).manifest().model();
      rows.add(
          0,
          Table.Row.of(
              Pages.place(model.name()),
              "%.12s".formatted(model.sha256()),
              "%.12s".formatted(model.configSha256()),
              model.dtype(),
              span.get(0).date().toString(),
              span.get(span.size() - 1).date().toString(),
              count(span.size())));
    }
    return Table.of(
        List.of("Model", "Weights", "Configuration", "Number format", "From", "To", "Nights"),
        rows);
  }
}
