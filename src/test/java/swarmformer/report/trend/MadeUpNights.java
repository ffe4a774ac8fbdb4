package swarmformer.report.trend;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import swarmformer.analysis.JudgedNights;
import swarmformer.store.Digest;
import swarmformer.store.Drift;
import swarmformer.store.Manifest;

/** Nights of made-up figures, for tests of the page. */
final class MadeUpNights {
  static final LocalDate FIRST = LocalDate.parse("2026-10-01");
  static final String SHA = "36bf39cd3bc0aaaaaaaa";

  private MadeUpNights() {}

  /** A night of 1,000 rows, 990 scored, 600 positive, without a baseline. */
  static Manifest night(LocalDate date) {
    return night(date, 600, null, List.of(), model("small-imdb", SHA), speed(12.5, 40.0));
  }

  static Manifest night(
      LocalDate date,
      long positive,
      Drift drift,
      List<String> warnings,
      Manifest.Model model,
      Manifest.Speed speed) {
    Map<String, Long> sentiments = Map.of("negative", 990 - positive, "positive", positive);
    Manifest.Counts counts =
        new Manifest.Counts(
            1_000,
            700,
            300,
            280,
            20,
            0,
            0,
            990,
            33,
            50_000,
            new TreeMap<>(Map.of("no tokens", 4L, "null text", 6L)),
            new TreeMap<>(sentiments));
    return of(date, counts, drift, warnings, model, speed);
  }

  /** A night without rows. */
  static Manifest empty(LocalDate date) {
    return of(
        date,
        new Manifest.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of()),
        null,
        List.of(),
        model("small-imdb", SHA),
        new Manifest.Speed(100, 0, 0, null, null, null));
  }

  static Manifest of(
      LocalDate date,
      Manifest.Counts counts,
      Drift drift,
      List<String> warnings,
      Manifest.Model model,
      Manifest.Speed speed) {
    long sure = counts.scored() * 4 / 10;
    long between = counts.scored() - 2 * sure;
    return new Manifest(
        date.toString(),
        1,
        date + "T01:00:00Z",
        date + "T02:00:00Z",
        "local-1",
        "jobs/score-nightly.sh",
        new Manifest.Input("in", "l", 10, 0, List.of()),
        model,
        null,
        Map.of(),
        counts,
        speed,
        new Drift.Distribution(
            List.of(sure, between, 0L, 0L, 0L, 0L, 0L, 0L, 0L, sure), List.of(), List.of()),
        drift,
        warnings,
        new Digest(counts.rows(), "1"),
        List.of(),
        null,
        List.of(),
        counts.scored() == 0 ? null : new Manifest.Estimate(0.9, 1));
  }

  static Manifest.Model model(String name, String sha256) {
    return new Manifest.Model(name, sha256, "c0ffee000000bbbb", "t", 4, "float32", "{}");
  }

  /** 300 rows in 3 s. */
  static Manifest.Speed speed(Double p50Ms, Double p95Ms) {
    return new Manifest.Speed(5_000, 3_000, 300, 20.0, p50Ms, p95Ms);
  }

  static Drift drift(double score, double length, double unknown) {
    return new Drift("2026-10-01..2026-10-07", 7_000, 990, score, length, unknown);
  }

  static TrendPage page(List<Manifest> manifests) {
    List<LocalDate> dates = manifests.stream().map(m -> LocalDate.parse(m.date())).toList();
    return page(Trend.of(manifests, dates, JudgedNights.NONE));
  }

  static TrendPage page(Trend trend) {
    return new TrendPage(trend, "/data/sentiment", "jobs/report-trend.sh --store /data/sentiment");
  }

  /** Nights that wander as those of a shop might, with whatever can befall them. */
  static TrendPage wandering(int nights) {
    Random random = new Random(7);
    List<Manifest> manifests = new ArrayList<>();
    double drift = 0.02;
    for (int i = 0; i < nights; i++) {
      drift = Math.max(0.005, drift + 0.02 * random.nextGaussian() + (i > nights * 0.8 ? 0.02 : 0));
      boolean missing = nights > 5 && (i % 29 == 11 || i % 29 == 12);
      if (!missing) {
        manifests.add(wandering(i, nights, drift, random));
      }
    }
    return page(manifests);
  }

  private static Manifest wandering(int i, int nights, double drift, Random random) {
    long rows = Math.round(1_200_000 * (1 + 0.1 * random.nextGaussian() + (i % 7 > 4 ? 0.6 : 0)));
    long reused = Math.round(rows * (i == 0 ? 0 : 0.7 + 0.02 * random.nextGaussian()));
    long changed = i == 0 ? 0 : rows / 25;
    long failed =
        Math.round(rows * (i == nights / 2 ? 0.034 : 0.004 + 0.001 * random.nextDouble()));
    long scored = rows - failed;
    long positive = Math.round(scored * (0.62 + 0.01 * random.nextGaussian()));
    long truncated = Math.round(scored * (0.08 + 0.004 * random.nextGaussian()));
    Manifest.Counts counts =
        new Manifest.Counts(
            rows,
            reused,
            rows - reused,
            rows - reused - changed,
            changed,
            0,
            0,
            scored,
            truncated,
            scored * 60,
            new TreeMap<>(Map.of("no tokens", failed)),
            new TreeMap<>(Map.of("negative", scored - positive, "positive", positive)));
    boolean young = i < nights * 0.6;
    double p50 = (young ? 780 : 610) + 20 * random.nextGaussian();
    double rate = (young ? 160 : 210) + 6 * random.nextGaussian();
    Manifest.Speed speed =
        new Manifest.Speed(
            9_000_000,
            Math.round((rows - reused) / rate * 1_000),
            rows - reused,
            p50,
            i < 3 ? null : p50, // an earlier version did not tell
            p50 * 1.9 + 60 * random.nextDouble());
    Drift against = i < 7 ? null : new Drift("b", 8_000_000, scored, drift, drift / 3, drift / 7);
    List<String> warnings =
        drift > 0.2 && i >= 7
            ? List.of(
                "the score has drifted from 2026-10-01..2026-10-07: stability index %.3f, limit 0.200"
                    .formatted(drift))
            : List.of();
    return of(
        FIRST.plusDays(i),
        counts,
        against,
        warnings,
        model(
            young ? "small-imdb" : "/models/retrained-2026-10",
            young ? SHA : "91d02a7be44cdddddddd"),
        speed);
  }
}
