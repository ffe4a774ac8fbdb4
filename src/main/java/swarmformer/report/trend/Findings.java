package swarmformer.report.trend;

import static swarmformer.report.Numbers.count;
import static swarmformer.report.Numbers.percent;
import static swarmformer.report.Numbers.wholePercent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Looks for what somebody should look at. */
final class Findings {
  /** A greater share of rows without a prediction is told. */
  static final double UNSCORED = 0.01;

  private final Trend trend;
  private final List<Finding> found = new ArrayList<>();

  private Findings(Trend trend) {
    this.trend = trend;
  }

  /** What is found; empty if nothing. */
  static List<Finding> of(Trend trend) {
    Findings findings = new Findings(trend);
    findings.missing();
    findings.unrecorded();
    findings.gates();
    findings.unscored();
    findings.empty();
    return findings.found;
  }

  /** What is wrong, in the words of a headline. */
  static String state(Trend trend) {
    Findings findings = new Findings(trend);
    List<String> parts = new ArrayList<>();
    long closed = findings.closed().size();
    long unrecorded = trend.unrecorded().size();
    addTo(parts, missing(trend), nights(missing(trend), "missing"));
    addTo(parts, closed, closed == 1 ? "1 gate closed" : count(closed) + " gates closed");
    addTo(parts, unrecorded, nights(unrecorded, "without a manifest"));
    int others = of(trend).size();
    if (parts.isEmpty()) {
      addTo(parts, others, others == 1 ? "1 finding" : count(others) + " findings");
    }
    return parts.isEmpty() ? "All nights in order" : String.join(", ", parts);
  }

  /** What was checked, where nothing is found. */
  static String none(Trend trend) {
    Findings findings = new Findings(trend);
    List<String> parts = new ArrayList<>();
    if (trend.dates().size() > 1) {
      parts.add("no night is missing between the first and the last");
    }
    long acknowledged = findings.nights(night -> !night.manifest().warnings().isEmpty()).size();
    if (acknowledged > 0) {
      parts.add(
          acknowledged == 1
              ? "1 closed gate was acknowledged"
              : count(acknowledged) + " closed gates were acknowledged");
    } else {
      parts.add("no gate closed");
      if (!findings.nights(night -> night.greatestDrift() != null).isEmpty()) {
        parts.add("drift is below the limit");
      }
    }
    parts.add("almost all rows have a prediction");
    return String.join(", ", parts);
  }

  private static void addTo(List<String> parts, long number, String part) {
    if (number > 0) {
      parts.add(part);
    }
  }

  private static long missing(Trend trend) {
    return trend.gaps().stream().mapToLong(gap -> gap.missing().size()).sum();
  }

  private void missing() {
    add(nights(missing(trend), "missing"), trend.gaps().stream().map(Trend.Gap::toString).toList());
  }

  private List<TrendNight> closed() {
    return nights(night -> night.manifest().needsAcknowledgement());
  }

  private void unrecorded() {
    List<String> dates = trend.unrecorded().stream().map(Object::toString).toList();
    add(nights(dates.size(), "without a manifest, so without figures"), dates);
  }

  private void gates() {
    List<TrendNight> warned = closed();
    if (!warned.isEmpty()) {
      TrendNight last = warned.get(warned.size() - 1);
      String which =
          warned.size() == 1 ? last.date().toString() : "the last of them " + last.date();
      found.add(
          new Finding(
              nights(warned.size(), "for which a gate has closed, " + which),
              last.manifest().warnings()));
    }
  }

  private void unscored() {
    List<TrendNight> bad = nights(night -> isAbove(night.unscoredShare(), UNSCORED));
    add(
        nights(
            bad.size(), "with more than %s without a prediction".formatted(wholePercent(UNSCORED))),
        bad.stream().map(Findings::errors).toList());
  }

  private static String errors(TrendNight night) {
    return "%s (%s: %s)"
        .formatted(
            night.date(),
            percent(night.unscoredShare()),
            night.counts().errors().entrySet().stream()
                .map(error -> count(error.getValue()) + " " + error.getKey())
                .collect(Collectors.joining(", ")));
  }

  /** Those that a gate tells of are told there. */
  private void empty() {
    List<TrendNight> empty =
        nights(night -> night.counts().rows() == 0 && night.manifest().warnings().isEmpty());
    add(
        nights(empty.size(), "without rows"),
        empty.stream().map(night -> night.date().toString()).toList());
  }

  private List<TrendNight> nights(Predicate<TrendNight> wanted) {
    return trend.nights().stream().filter(wanted).toList();
  }

  static boolean isAbove(Double value, double limit) {
    return value != null && value > limit;
  }

  private static String nights(long number, String what) {
    return "%s %s %s".formatted(count(number), number == 1 ? "night" : "nights", what);
  }

  private void add(String what, List<String> nights) {
    if (!nights.isEmpty()) {
      found.add(Finding.of(what, nights));
    }
  }
}
