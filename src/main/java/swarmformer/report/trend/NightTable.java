package swarmformer.report.trend;

import static swarmformer.report.Numbers.NONE;
import static swarmformer.report.Numbers.count;
import static swarmformer.report.Numbers.index;
import static swarmformer.report.Numbers.measured;
import static swarmformer.report.Numbers.percent;
import static swarmformer.report.Numbers.time;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import swarmformer.store.Drift;
import swarmformer.store.Manifest;

/**
 * All nights with their figures, the newest first, and the days between that have none.
 *
 * @param trend the nights
 */
public record NightTable(Trend trend) {
  /**
   * A row.
   *
   * @param night its date, or dates
   * @param cells its figures; empty where there are none
   * @param note why not, or what is to be said; empty for nothing
   */
  public record Row(String night, List<Cell> cells, String note) {}

  /** A figure, and its style: {@code alarm}, {@code soft} or none. */
  public record Cell(String text, String style) {}

  /** The headings of the figures. */
  public List<String> columns() {
    List<String> columns = new ArrayList<>(List.of("Rows", "New", "Changed", "Reused"));
    trend.classes().forEach(name -> columns.add(TrendPage.title(name)));
    if (!trend.judged().isEmpty()) {
      columns.addAll(List.of("With label", "Right"));
    }
    columns.addAll(
        List.of(
            "No prediction",
            "Truncated",
            "Drift: score",
            "length",
            "unknown",
            "Batch median",
            "p95",
            "Texts/s",
            "Model"));
    return columns;
  }

  /** The rows. */
  public List<Row> rows() {
    Map<LocalDate, TrendNight> byDate = new HashMap<>();
    trend.nights().forEach(night -> byDate.put(night.date(), night));
    List<TrendNight> changes = trend.changesOfModel();
    Map<LocalDate, Trend.Gap> gaps = new HashMap<>();
    trend.gaps().forEach(gap -> gaps.put(gap.next(), gap));
    List<Row> rows = new ArrayList<>();
    for (LocalDate date : trend.dates()) {
      if (gaps.containsKey(date)) {
        rows.add(new Row(gaps.get(date).toString(), List.of(), "missing"));
      }
      TrendNight night = byDate.get(date);
      rows.add(
          night == null
              ? new Row(date.toString(), List.of(), "no manifest")
              : row(night, changes.contains(night)));
    }
    Collections.reverse(rows);
    return rows;
  }

  private Row row(TrendNight night, boolean newModel) {
    List<Cell> cells = new ArrayList<>();
    cells.add(plain(count(night.counts().rows())));
    cells.add(plain(count(night.counts().fresh())));
    cells.add(plain(count(night.counts().changed())));
    cells.add(plain(count(night.counts().reused())));
    trend.classes().forEach(name -> cells.add(plain(percent(night.shareOf(name)))));
    if (!trend.judged().isEmpty()) {
      cells.add(plain(count(night.judged().rows())));
      cells.add(plain(percent(night.accuracy())));
    }
    cells.add(judged(percent(night.unscoredShare()), night.unscoredShare(), Findings.UNSCORED));
    cells.add(plain(percent(night.truncatedShare())));
    cells.add(drift(night, Drift::score, Drift::scoreLimit));
    cells.add(drift(night, Drift::length, Drift::lengthLimit));
    cells.add(drift(night, Drift::unknown, Drift::unknownLimit));
    cells.add(plain(night.batchP50Ms() == null ? NONE : time(night.batchP50Ms())));
    cells.add(plain(night.batchP95Ms() == null ? NONE : time(night.batchP95Ms())));
    cells.add(plain(night.textsPerSecond() == null ? NONE : measured(night.textsPerSecond())));
    cells.add(newModel ? new Cell("new " + night.modelHash(), "alarm") : plain(night.modelHash()));
    return new Row(night.date().toString(), cells, note(night.manifest()));
  }

  private static String note(Manifest night) {
    String gates = String.join("; ", night.warnings());
    return night.acknowledged() == null
        ? gates
        : "%s; acknowledged %.10s".formatted(gates, night.acknowledged().time());
  }

  private static Cell drift(
      TrendNight night, ToDoubleFunction<Drift> which, ToDoubleFunction<Drift> limit) {
    Double value = night.drift(which);
    return value == null
        ? plain(NONE)
        : judged(index(value), value, limit.applyAsDouble(night.manifest().drift()));
  }

  private static Cell judged(String text, Double value, double limit) {
    return new Cell(text, Findings.isAbove(value, limit) ? "alarm" : "");
  }

  private static Cell plain(String text) {
    return new Cell(text, text.equals(NONE) ? "soft" : "");
  }
}
