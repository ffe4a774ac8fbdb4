package swarmformer.report.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static swarmformer.report.trend.MadeUpNights.FIRST;
import static swarmformer.report.trend.MadeUpNights.SHA;
import static swarmformer.report.trend.MadeUpNights.drift;
import static swarmformer.report.trend.MadeUpNights.model;
import static swarmformer.report.trend.MadeUpNights.page;
import static swarmformer.report.trend.MadeUpNights.speed;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import swarmformer.analysis.JudgedNights;
import swarmformer.analysis.NightAccuracy;
import swarmformer.report.LineChart;
import swarmformer.store.Drift;
import swarmformer.store.Manifest;

final class TrendPageTest {
  private static final String HOSTILE = "</td></style><script>alert('x')</script>\"><img src=x>";

  private static Manifest night(int day) {
    return MadeUpNights.night(FIRST.plusDays(day));
  }

  private static Manifest drifted(int day, Drift drift, String... warnings) {
    return MadeUpNights.night(
        FIRST.plusDays(day),
        600,
        drift,
        List.of(warnings),
        model("small-imdb", SHA),
        speed(1.0, 2.0));
  }

  private static Manifest scoredBy(int day, Manifest.Model model) {
    return MadeUpNights.night(FIRST.plusDays(day), 600, null, List.of(), model, speed(1.0, 2.0));
  }

  /** Where points are, a line after the other. */
  private static List<List<Double>> heights(LineChart chart) {
    return chart.lines().stream()
        .map(line -> line.points().stream().map(LineChart.Point::y).toList())
        .toList();
  }

  @Test
  void oneNightIsATrendOfOne() {
    String html = page(List.of(night(0))).html();
    assertThat(html)
        .contains("<tr><th scope=\"row\">2026-10-01</th>")
        .contains("1 night, 2026-10-01, 1,000 rows", "A second night will add charts.")
        .contains(
            "Latest night 2026-10-01: 1,000 rows (280 new, 20 changed, 700 reused), 10 without a prediction, of the others 60.61 % positive.")
        .contains("60.61 %", "1.00 %", "3.33 %", "12.5 ms", "40.0 ms", "36bf39cd", "36bf39cd3bc0")
        .contains("none before", "No findings")
        .doesNotContain("null<", "NaN", "Infinity", "<figure", "median before");
  }

  @Test
  void figuresStandBesideThoseBefore() {
    List<Manifest> nights = new ArrayList<>(List.of(night(0), night(1), night(2)));
    nights.add(
        MadeUpNights.night(
            FIRST.plusDays(3), 495, null, List.of(), model("m", SHA), speed(null, null)));
    assertThat(page(nights).figures())
        .extracting(row -> String.join("|", row.cells()))
        .contains(
            "Rows|1,000|median before 1,000",
            "Positive|50.00 %|median before 60.61 %",
            "Max drift|–|none before",
            "Batch latency, p95|–|median before 40.0 ms",
            "Texts a second|100|median before 100",
            "Model|36bf39cd|float32");
  }

  @Test
  void daysWithoutANightAreGaps() {
    TrendPage page = page(List.of(night(0), night(1), night(3), night(7)));
    assertThat(heights(page.charts().truncated()))
        .containsExactly(List.of(33 / 990.0, 33 / 990.0), List.of(33 / 990.0), List.of(33 / 990.0));
    assertThat(page.findings())
        .extracting(Finding::toString)
        .containsExactly("4 nights missing: 2026-10-05 to 2026-10-07; 2026-10-03.");
    assertThat(page.nights().rows())
        .extracting(row -> row.night() + "|" + row.note())
        .containsExactly(
            "2026-10-08|",
            "2026-10-05 to 2026-10-07|missing",
            "2026-10-04|",
            "2026-10-03|missing",
            "2026-10-02|",
            "2026-10-01|");
  }

  @Test
  void aStoreFilledOnceAWeekMissesOnlyWholeWeeks() {
    TrendPage page = page(List.of(night(0), night(7), night(14), night(28)));
    assertThat(page.findings())
        .extracting(Finding::toString)
        .containsExactly("1 night missing: 2026-10-22.");
    assertThat(heights(page.charts().truncated()))
        .containsExactly(Collections.nCopies(3, 33 / 990.0), List.of(33 / 990.0));
  }

  @Test
  void aStoreFilledOnWorkingDaysMissesNoWeekend() {
    List<Manifest> nights =
        IntStream.range(0, 28)
            .filter(day -> FIRST.plusDays(day).getDayOfWeek().getValue() < 6 && day != 12)
            .mapToObj(day -> night(day))
            .toList();
    assertThat(page(nights).findings())
        .extracting(Finding::toString)
        .containsExactly("1 night missing: 2026-10-13.");
  }

  /** Daily from 1 to 7 October, and then not until 5 December. */
  @Test
  void aLongOutageOfADailyStoreIsMissing() {
    List<Manifest> nights = new ArrayList<>();
    IntStream.range(0, 7).forEach(day -> nights.add(night(day)));
    nights.add(night(65));
    assertThat(page(nights).state()).isEqualTo("58 nights missing");
    IntStream.range(66, 80).forEach(day -> nights.add(night(day)));
    assertThat(page(nights).state()).isEqualTo("58 nights missing");
  }

  /** On the first of a month, on its first Thursday, and on two days around its end. */
  @Test
  void aStoreFilledOnceAMonthMissesNothing() {
    List<Manifest> firsts =
        IntStream.range(0, 12)
            .mapToObj(month -> MadeUpNights.night(FIRST.plusMonths(month)))
            .toList();
    List<Manifest> thursdays =
        firsts.stream()
            .map(night -> LocalDate.parse(night.date()))
            .map(date -> date.with(TemporalAdjusters.firstInMonth(DayOfWeek.THURSDAY)))
            .map(MadeUpNights::night)
            .toList();
    List<Manifest> ends =
        firsts.stream()
            .map(night -> LocalDate.parse(night.date()))
            .flatMap(date -> Stream.of(date, date.plusDays(2)))
            .map(MadeUpNights::night)
            .toList();
    assertThat(List.of(firsts, thursdays, ends))
        .allSatisfy(nights -> assertThat(page(nights).state()).isEqualTo("All nights in order"));
  }

  @Test
  void nightsWithoutABaselineHaveNoDriftRatherThanZero() {
    TrendPage page =
        page(List.of(night(0), drifted(1, drift(0.02, 0.03, 0.04)), night(2), night(3)));
    assertThat(heights(page.charts().drift()))
        .containsExactly(List.of(0.04), List.of(0.03), List.of(0.02));
    assertThat(page.charts().drift().legend())
        .extracting(LineChart.Line::name)
        .containsExactly("score", "length", "unknown tokens");
    assertThat(page.html()).contains("<title>limit 0.2</title>", ">0.030<", ">–<");
  }

  @Test
  void aComparisonWithNoRowsIsNone() {
    TrendPage page = page(List.of(night(0), drifted(1, new Drift("b", 0, 990, 0, 0, 0))));
    assertThat(page.charts().drift().lines()).isEmpty();
    assertThat(page.html()).contains("No night was compared with others: set --baseline");
  }

  @Test
  void driftIsJudgedByTheLimitOfTheGate() {
    // 990 and 7,000 rows: 0.2 + 9 (1/990 + 1/7000) = 0.21038 of the score, 0.20923 of the length.
    TrendPage page =
        page(
            List.of(
                drifted(0, drift(0.2103, 0.2092, 0)),
                drifted(1, drift(0.2104, 0.1, 0), "the score has drifted"),
                drifted(2, drift(0.1, 0.2093, 0), "the length has drifted")));
    assertThat(page.findings())
        .extracting(Finding::toString)
        .containsExactly(
            "2 nights for which a gate has closed, the last of them 2026-10-03: the length has drifted.");
    assertThat(page.nights().rows())
        .extracting(
            row ->
                row.cells().stream()
                    .filter(cell -> cell.style().equals("alarm"))
                    .map(NightTable.Cell::text)
                    .toList())
        .containsExactly(List.of("0.209"), List.of("0.210"), List.of());
  }

  @Test
  void leadsWithItsState() {
    assertThat(page(List.of(night(0), night(1))).state()).isEqualTo("All nights in order");
    TrendPage page =
        page(List.of(night(0), drifted(3, null, "one"), drifted(4, null, "two"), night(5)));
    assertThat(page.state()).isEqualTo("2 nights missing, 2 gates closed");
    assertThat(page.html())
        .contains("<strong>2 nights missing, 2 gates closed</strong><span>4 nights, 2026-10-01 to");
    assertThat(page(List.of(night(0), MadeUpNights.empty(FIRST.plusDays(1)))).state())
        .isEqualTo("1 finding");
  }

  @Test
  void anAcknowledgedGateIsNoFinding() {
    Manifest seen =
        drifted(1, null, "why")
            .withAcknowledgement(new Manifest.Acknowledgement("2026-10-04T08:00:00Z", "me"));
    TrendPage page = page(List.of(night(0), seen));
    assertThat(page.state()).isEqualTo("All nights in order");
    assertThat(page.nights().rows().get(0).note()).isEqualTo("why; acknowledged 2026-10-04");
  }

  @Test
  void anOutlierDoesNotFlattenTheOthers() {
    List<Manifest> nights = new ArrayList<>();
    for (int day = 0; day < 9; day++) {
      nights.add(drifted(day, drift(0.02 + 0.01 * (day % 3), 0.02, 0)));
    }
    nights.add(drifted(9, drift(7.5, 0.02, 0), "the score has drifted"));
    LineChart drift = page(nights).charts().drift();
    assertThat(drift.plot().y().to()).isLessThan(0.5);
    assertThat(drift.description()).endsWith("Triangles lie beyond the axis: 2026-10-10 (7.500).");
    assertThat(page(nights).html())
        .contains("class=\"beyond first\"", "<title>2026-10-10, score: 7.500</title>");
    assertThat(page(nights.subList(0, 9)).html()).doesNotContain("class=\"beyond", "Triangles");
  }

  @Test
  void ofManyClosedGatesTheLastIsTold() {
    TrendPage page =
        page(List.of(drifted(0, null, "one"), drifted(1, null, "two"), drifted(2, null)));
    assertThat(page.findings())
        .extracting(Finding::toString)
        .containsExactly("2 nights for which a gate has closed, the last of them 2026-10-02: two.");
  }

  @Test
  void onlyTheLastOfManyFindingsAreSpelledOut() {
    List<Manifest> nights = new ArrayList<>();
    for (int day = 0; day < 8; day++) {
      nights.add(MadeUpNights.empty(FIRST.plusDays(day)));
    }
    assertThat(page(nights).findings())
        .singleElement()
        .asString()
        .isEqualTo(
            "8 nights without rows: 2026-10-08; 2026-10-07; 2026-10-06; 2026-10-05; 2026-10-04; and 3 more.");
  }

  @Test
  void errorsAreToldByKind() {
    Manifest.Counts counts =
        new Manifest.Counts(
            100, 0, 100, 100, 0, 0, 0, 95, 0, 9, Map.of("null text", 5L), Map.of("positive", 95L));
    TrendPage page =
        page(
            List.of(
                MadeUpNights.of(FIRST, counts, null, List.of(), model("m", SHA), speed(1.0, 2.0))));
    assertThat(page.findings())
        .extracting(Finding::toString)
        .containsExactly(
            "1 night with more than 1 % without a prediction: 2026-10-01 (5.00 %: 5 null text).");
  }

  @Test
  void anotherModelIsMarked() {
    TrendPage page =
        page(
            List.of(
                scoredBy(0, model("small-imdb", SHA)),
                scoredBy(1, model("file:///models/new", "91d02a7be44cffff")),
                scoredBy(2, model("file:///models/new", "91d02a7be44cffff"))));
    assertThat(page.models().rows())
        .extracting(row -> String.join("|", row.cells()))
        .containsExactly(
            "/models/new|91d02a7be44c|c0ffee000000|float32|2026-10-02|2026-10-03|2",
            "small-imdb|36bf39cd3bc0|c0ffee000000|float32|2026-10-01|2026-10-01|1");
    assertThat(page.html())
        .contains("class=\"mark\"", "<title>2026-10-02: model 91d02a7b</title>")
        .containsOnlyOnce("new 91d02a7b")
        .doesNotContain("new 36bf39cd");
  }

  @Test
  void nightsWithoutRowsOrManifestAreTold() {
    LocalDate third = FIRST.plusDays(2);
    Trend trend =
        Trend.of(
            List.of(night(0), MadeUpNights.empty(FIRST.plusDays(1))),
            List.of(FIRST, third),
            JudgedNights.NONE);
    assertThat(page(trend).findings())
        .extracting(Finding::toString)
        .containsExactly(
            "1 night without a manifest, so without figures: 2026-10-03.",
            "1 night without rows: 2026-10-02.");
    String html = page(trend).html();
    assertThat(html)
        .contains("3 nights, 2026-10-01", "Latest night 2026-10-02 has no rows.", "no manifest")
        .doesNotContain("NaN", "Infinity");
    assertThat(heights(page(trend).charts().unsure())).containsExactly(List.of(198 / 990.0));
  }

  @Test
  void labelsThatCameLaterTellTheAccuracy() {
    List<Manifest> nights = List.of(night(0), night(1), night(2));
    List<LocalDate> dates = nights.stream().map(it -> LocalDate.parse(it.date())).toList();
    JudgedNights judged =
        new JudgedNights(
            Map.of(
                FIRST, new NightAccuracy(200, 190), FIRST.plusDays(1), new NightAccuracy(100, 80)),
            new NightAccuracy(250, 225)); // 50 rows are in both nights
    TrendPage page = MadeUpNights.page(Trend.of(nights, dates, judged));
    assertThat(page.accuracy())
        .hasValue(
            "Right for 225 of 250 distinct rows with labels (90.00 %, 95 % interval 85.65 to 93.13 %) in 2 nights; in the latest of them, 2026-10-02, 80.00 % of 100, estimated 90.00 %");
    assertThat(page.html())
        .contains(
            "Right for 225 of 250 distinct rows with labels",
            "<title>2026-10-02, by labels: 80.00 %</title>")
        .contains(">With label</th>", ">Right</th>");
    assertThat(page(nights).accuracy()).isEmpty();
    assertThat(page(nights).html()).doesNotContain("With label");
  }

  @Test
  void claimsNoMoreThanWasLookedFor() {
    assertThat(page(List.of(night(0))).noFindings())
        .isEqualTo("no gate closed, almost all rows have a prediction");
    assertThat(page(List.of(night(0), drifted(1, drift(0.1, 0, 0)))).noFindings())
        .isEqualTo(
            "no night is missing between the first and the last, no gate closed, drift is below the limit, almost all rows have a prediction");
    TrendPage acknowledged =
        page(
            List.of(
                drifted(0, drift(0.5, 0, 0), "the score has drifted")
                    .withAcknowledgement(
                        new Manifest.Acknowledgement("2026-10-04T08:00:00Z", "me"))));
    assertThat(acknowledged.findings()).isEmpty();
    assertThat(acknowledged.html())
        .contains(
            "No findings: 1 closed gate was acknowledged, almost all rows have a prediction.");
  }

  @Test
  void otherClassesThanSentimentsAreToldByTheMostFrequent() {
    Manifest.Counts counts =
        new Manifest.Counts(
            10, 0, 10, 10, 0, 0, 0, 10, 0, 9, Map.of(), Map.of("a", 1L, "b", 4L, "c", 2L, "d", 3L));
    TrendPage page =
        page(
            List.of(
                MadeUpNights.of(FIRST, counts, null, List.of(), model("m", SHA), speed(1.0, 2.0))));
    assertThat(page.trend().classes()).containsExactly("b", "d", "c");
    assertThat(page.latest()).contains("of the others 40.00 % b, 30.00 % d, 20.00 % c");
  }

  @Test
  void classesAreThoseOfTheLatestModel() {
    TrendPage page =
        page(
            List.of(
                night(0),
                ofClasses(1, Map.of("good", 5L, "bad", 3L, "ok", 2L)),
                ofClasses(2, Map.of("good", 4L, "bad", 6L)),
                MadeUpNights.empty(FIRST.plusDays(3))));
    assertThat(page.trend().classes()).containsExactlyInAnyOrder("good", "bad", "ok");
    assertThat(heights(page.charts().classes()))
        .containsExactlyInAnyOrder(List.of(0.5, 0.4), List.of(0.3, 0.6), List.of(0.2, 0.0));
    assertThat(page.nights().rows().get(3).cells().subList(4, 7))
        .extracting(NightTable.Cell::text)
        .containsOnly("–");
  }

  private static Manifest ofClasses(int day, Map<String, Long> classes) {
    Manifest.Counts counts =
        new Manifest.Counts(10, 0, 10, 10, 0, 0, 0, 10, 0, 9, Map.of(), classes);
    return MadeUpNights.of(
        FIRST.plusDays(day), counts, null, List.of(), model("three", "3c"), speed(1.0, 2.0));
  }

  @Test
  void everythingFromOutsideIsEscaped() {
    Manifest.Counts counts =
        new Manifest.Counts(
            100, 0, 100, 100, 0, 0, 0, 90, 0, 9, Map.of(HOSTILE, 10L), Map.of(HOSTILE, 90L));
    Manifest night =
        MadeUpNights.of(
            FIRST, counts, null, List.of(HOSTILE), model(HOSTILE, HOSTILE), speed(1.0, 2.0));
    String html =
        new TrendPage(Trend.of(List.of(night), List.of(FIRST), JudgedNights.NONE), HOSTILE, HOSTILE)
            .html();
    assertThat(html)
        .doesNotContain("<script", "<img", "</style><script")
        .contains("&lt;script&gt;", "&lt;img src=x&gt;");
  }

  @Test
  void needsNothingElse() {
    assertThat(MadeUpNights.wandering(30).html())
        .doesNotContain("http:", "https:", "src=", "@import", "url(", "javascript:")
        .contains("default-src 'none'");
  }

  @Test
  void fourHundredNightsStayReadable() {
    TrendPage page = MadeUpNights.wandering(400);
    assertThat(page.charts().truncated().plot().x().ticks()).hasSizeBetween(3, 6);
    assertThat(page.charts().truncated().lines()).noneMatch(LineChart.Line::dots);
    assertThat(page.html().length()).isLessThan(1_000_000);
  }
}
