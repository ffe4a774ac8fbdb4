package swarmformer.report.trend;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import swarmformer.analysis.JudgedNights;
import swarmformer.analysis.NightAccuracy;
import swarmformer.store.Manifest;

/**
 * Nights in a row.
 *
 * @param nights those with figures, in order; at least one
 * @param dates of all nights that the store has, in order, those without figures among them
 * @param distinct rows of all nights whose labels have come, each once
 * @param classes those of the latest model whose shares are told: one of two, or the most frequent
 */
public record Trend(
    List<TrendNight> nights, List<LocalDate> dates, NightAccuracy distinct, List<String> classes) {
  private static final Set<String> SENTIMENTS = Set.of("negative", "positive");
  private static final int MOST_CLASSES = 3;

  /** A day of the week is one of nights if at least this share of the weeks has one on it. */
  private static final double USUAL = 0.25;

  /** Where weeks that have nights have more of them on average, one without any is an outage. */
  private static final int FEW_A_WEEK = 2;

  private static final int DAYS_OF_A_WEEK = 7;
  private static final int DAYS_OF_TWO_WEEKS = 14;

  /**
   * Nights that were to be expected between two others.
   *
   * @param missing their dates, in order
   * @param next the night behind them
   */
  public record Gap(List<LocalDate> missing, LocalDate next) {
    @Override
    public String toString() {
      LocalDate first = missing.get(0);
      LocalDate last = missing.get(missing.size() - 1);
      return first.equals(last) ? first.toString() : first + " to " + last;
    }
  }

  /**
   * The nights of a store.
   *
   * @param judged rows of nights whose labels have come
   */
  public static Trend of(List<Manifest> manifests, List<LocalDate> dates, JudgedNights judged) {
    Map<List<String>, Map<String, Long>> byModel = predictedByModel(manifests);
    List<TrendNight> nights =
        manifests.stream()
            .map(
                manifest ->
                    new TrendNight(
                        manifest,
                        judged
                            .byNight()
                            .getOrDefault(LocalDate.parse(manifest.date()), NightAccuracy.NONE),
                        classes(byModel.get(model(manifest)).keySet())))
            .toList();
    // A table does not tell the date of a night without rows.
    List<LocalDate> all =
        Stream.concat(dates.stream(), nights.stream().map(TrendNight::date))
            .distinct()
            .sorted()
            .toList();
    Manifest latest =
        manifests.stream()
            .filter(manifest -> manifest.counts().scored() > 0)
            .reduce((earlier, later) -> later)
            .orElse(manifests.get(manifests.size() - 1));
    return new Trend(nights, all, judged.distinct(), told(byModel.get(model(latest))));
  }

  /** How often each model has predicted each class, in all of its nights. */
  private static Map<List<String>, Map<String, Long>> predictedByModel(List<Manifest> manifests) {
    Map<List<String>, Map<String, Long>> byModel = new HashMap<>();
    for (Manifest manifest : manifests) {
      Map<String, Long> counts =
          byModel.computeIfAbsent(model(manifest), absent -> new LinkedHashMap<>());
      manifest.counts().bySentiment().forEach((name, n) -> counts.merge(name, n, Long::sum));
    }
    return byModel;
  }

  private static List<String> model(Manifest manifest) {
    return List.of(manifest.model().sha256(), manifest.model().configSha256());
  }

  /** The classes of a model that has predicted some of them. */
  private static Set<String> classes(Set<String> predicted) {
    return SENTIMENTS.containsAll(predicted) ? SENTIMENTS : predicted;
  }

  private static List<String> told(Map<String, Long> counts) {
    if (SENTIMENTS.containsAll(counts.keySet())) {
      return List.of("positive");
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_CLASSES)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Date of the first night. */
  public LocalDate first() {
    return dates.get(0);
  }

  /** Date of the last night. */
  public LocalDate last() {
    return dates.get(dates.size() - 1);
  }

  /** The last night with figures. */
  public TrendNight latest() {
    return nights.get(nights.size() - 1);
  }

  /** Nights with rows whose labels have come, in order. */
  List<TrendNight> judged() {
    return nights.stream().filter(night -> night.accuracy() != null).toList();
  }

  /** Rows of all nights. */
  public long rows() {
    return nights.stream().mapToLong(night -> night.counts().rows()).sum();
  }

  /**
   * Days between the first night and the last that have none, in order. A store filled once a week,
   * once a month, or on working days alone, misses nothing on the others.
   */
  public List<Gap> gaps() {
    Set<DayOfWeek> expected = daysOfNights();
    return IntStream.range(1, dates.size())
        .mapToObj(
            i ->
                new Gap(
                    dates
                        .get(i - 1)
                        .plusDays(1)
                        .datesUntil(dates.get(i))
                        .filter(date -> expected.contains(date.getDayOfWeek()))
                        .toList(),
                    dates.get(i)))
        .filter(gap -> !gap.missing().isEmpty())
        .toList();
  }

  /** Nights right behind some that are missing or without figures. */
  Set<LocalDate> breaks() {
    List<LocalDate> unrecorded = unrecorded();
    Stream<LocalDate> behind =
        IntStream.range(1, dates.size())
            .filter(i -> unrecorded.contains(dates.get(i - 1)))
            .mapToObj(dates::get);
    return Stream.concat(gaps().stream().map(Gap::next), behind).collect(Collectors.toSet());
  }

  private Set<DayOfWeek> daysOfNights() {
    if (first().until(last(), ChronoUnit.DAYS) < DAYS_OF_TWO_WEEKS) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    long filled = dates.stream().map(this::week).distinct().count();
    long weeks = dates.size() > FEW_A_WEEK * filled ? filled : week(last()) + 1;
    return dates.stream()
        .collect(Collectors.groupingBy(LocalDate::getDayOfWeek, Collectors.counting()))
        .entrySet()
        .stream()
        .filter(day -> day.getValue() >= USUAL * weeks)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Weeks from the first night to a date. */
  private long week(LocalDate date) {
    return first().until(date, ChronoUnit.DAYS) / DAYS_OF_A_WEEK;
  }

  /** Nights that the store has without telling of them, in order. */
  public List<LocalDate> unrecorded() {
    Set<LocalDate> recorded = new HashSet<>(nights.stream().map(TrendNight::date).toList());
    return dates.stream().filter(date -> !recorded.contains(date)).toList();
  }

  /** Nights in a row that one model scored, in order. */
  public List<List<TrendNight>> byModel() {
    List<List<TrendNight>> spans = new ArrayList<>();
    for (TrendNight night : nights) {
      if (spans.isEmpty() || !spans.get(spans.size() - 1).get(0).hasModelOf(night)) {
        spans.add(new ArrayList<>());
      }
      spans.get(spans.size() - 1).add(night);
    }
    return spans;
  }

  /** The first night of each model but the first. */
  public List<TrendNight> changesOfModel() {
    return byModel().stream().skip(1).map(span -> span.get(0)).toList();
  }

  /** The median of a figure over the nights before the latest; null if none has it. */
  public Double medianBefore(Function<TrendNight, Double> figure) {
    List<Double> values =
        nights.subList(0, nights.size() - 1).stream()
            .map(figure)
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    int half = values.size() / 2;
    if (values.isEmpty()) {
      return null;
    }
    return values.size() % 2 == 1
        ? values.get(half)
        : (values.get(half - 1) + values.get(half)) / 2;
  }
}
