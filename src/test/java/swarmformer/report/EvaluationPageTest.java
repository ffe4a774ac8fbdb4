package swarmformer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import swarmformer.analysis.CalibrationCurve;
import swarmformer.analysis.Coverage;
import swarmformer.analysis.Interval;

final class EvaluationPageTest {
  private static final String HOSTILE =
      "</title></pre><script>alert('x')</script>\"><img src=x>&amp;";
  private static final Pattern TAG = Pattern.compile("<(/?)([a-z0-9]+)[^>]*?(/?)>");
  private static final Set<String> VOID = Set.of("meta", "link", "br", "img");

  @Test
  void everythingFromOutsideIsEscaped() {
    String html = HandmadePage.full(HOSTILE).html();
    assertThat(html)
        .doesNotContain("<script", "<img", "alert('x')</")
        .contains("&lt;script&gt;", "&lt;img src=x&gt;&amp;amp;");
    assertWellFormed(html);
  }

  @Test
  void needsNothingElse() {
    String html = HandmadePage.full("plain").html();
    assertThat(html)
        .doesNotContain("http:", "https:", "src=", "@import", "url(", "javascript:")
        .contains("default-src 'none'", "<meta charset=\"utf-8\">");
    assertThat(Pattern.compile("href=\"([^\"]*)\"").matcher(html).results())
        .extracting(link -> link.group(1))
        .containsExactly("data:,");
  }

  @Test
  void showsWhatThereIs() {
    assertThat(HandmadePage.full("plain").html())
        .contains("85.00 %", "85 of 100 right", "95 % interval 76.72 % to 90.69 %")
        .contains("76.72 to 90.69 %", "Always saying negative", "+35.00 points")
        .contains(
            "Right for 85 of 100; always saying negative would be right for 50 of 100.",
            "Weakest on texts of 1–16 tokens: right for 75 of 100 (60 rows).",
            "Too few rows to tell what can be decided automatically: of the 20 surest 5.00 % are wrong (95 % interval 0.89 to 23.61 %).")
        .contains(
            "chance: McNemar's test, with the design effect of the groups, p = 0.3125.",
            "is 3.00 points better than run plain (95 % interval of the difference ",
            "Interval and test heed the 11 groups of plain: these rows tell as much as 55 rows")
        .contains(
            "Points",
            "<td>−7.50</td>",
            "<td>−19.97 to +4.02</td>",
            "<th scope=\"row\">3 others</th>")
        .contains(
            "… xxx", "xplain</bdi>", "without which plain has 25.00 %", "Words that tipped it")
        .contains(
            "heeds the 12 groups of plain: these rows tell as much as 61 rows without groups.")
        .contains(
            "<p>7 labels look wrong (7.00 % of the rows): ", "<th scope=\"col\">Suggested</th>")
        .contains("Rows that turned", "plain, wrong", "1–16 (weak)", "Bonferroni")
        .doesNotContain("takara-ai")
        .contains("ROC curve", "Reliability", "Risk and coverage", "Batch latency", "By plain")
        .contains("2, on 4 rows", HandmadePage.COMMAND, "&gt; 99.99 %")
        .doesNotContain("null", "NaN", "Infinity");
  }

  @Test
  void publishedFiguresStandBesideTheTestReviewsAlone() {
    assertThat(HandmadePage.ofCounts(new long[][] {{11_000, 1_500}, {1_000, 11_500}}).html())
        .contains("Published: takara-ai/SwarmFormer-Sentiment-Small", "+3.80 points");
    assertThat(HandmadePage.ofCounts(new long[][] {{11_000, 1_500}, {1_000, 11_499}}).html())
        .doesNotContain("takara-ai");
  }

  @Test
  void aModelThatAlwaysSaysOneClassIsCalledThat() {
    assertThat(HandmadePage.ofCounts(new long[][] {{0, 40}, {0, 60}}).html())
        .contains("The model always says positive, whatever the text")
        .doesNotContain("can be decided automatically at an error");
  }

  /** Of 100,000 rows: the surest 4 of 1,000 at an error of 1 %, 996 of 1,000 at 2 %. */
  @Test
  void prefersATargetThatDecidesMoreThanAFewRows() {
    Coverage.Target few = new Coverage.Target(0.01, 400, 0.004, 0.99, 0.0);
    Coverage.Target most = new Coverage.Target(0.02, 99_600, 0.996, 0.6, 0.015);
    assertThat(verdict(few, most))
        .contains("> 99 % of the rows can be decided automatically at an error of at most 2 % ");
    assertThat(verdict(few))
        .contains("< 1 % of the rows can be decided automatically at an error of at most 1 % ");
  }

  private static String verdict(Coverage.Target... targets) {
    Coverage coverage = new Coverage(List.of(), List.of(targets), List.of());
    return String.join(" ", HandmadePage.of(null, coverage).verdict());
  }

  @Test
  void theRocCurveBeginsWhereNoRowIsTaken() {
    assertThat(HandmadePage.full("plain").ranking().roc().lines().get(1).points())
        .extracting(point -> point.x() + " " + point.y())
        .containsExactly("0.0 0.0", "0.0 0.1", "1.0 1.0");
  }

  @Test
  void chartsShowAllThatTheyDraw() {
    CalibrationCurve scaled =
        new CalibrationCurve(
            2,
            0.4,
            0.05,
            0.05,
            List.of(new CalibrationCurve.Bin(0.5, 0.6, 9, 0.55, 0.1, Interval.wilson(1, 10))));
    Coverage coverage =
        new Coverage(
            List.of(
                new Coverage.Cut(0.99, 0.01, 1),
                new Coverage.Cut(0.9, 0.5, 0.1),
                new Coverage.Cut(0.5, 1, 0.15)),
            List.of(),
            List.of());
    EvaluationCharts charts = HandmadePage.of(scaled, coverage).charts();
    assertThat(List.of(charts.reliability(), charts.coverage()))
        .allSatisfy(
            chart ->
                assertThat(chart.lines())
                    .flatExtracting(LineChart.Line::points)
                    .noneMatch(point -> chart.plot().y().isBeyond(point.y())));
    assertThat(charts.coverage().lines().get(0).points()).hasSize(2);
  }

  @Test
  void aRunWithoutPredictionsHasNoTimeOfAText() {
    EvaluationPage full = HandmadePage.full("plain");
    assertThat(names(full.runTables())).contains("Network for a text", "Batches");
    assertThat(
            names(
                new RunTables(
                    HandmadePage.empty(2).run(),
                    full.analysis().input(),
                    full.analysis().latencies())))
        .contains("Batches")
        .doesNotContain("Network for a text");
  }

  private static List<String> names(RunTables tables) {
    return tables.speed().rows().stream().map(row -> row.cells().get(0)).toList();
  }

  @Test
  void aTextIsNotCutWithinACharacter() {
    EvaluationPage page = HandmadePage.full("😀" + "y".repeat(599));
    assertThat(page.shown(page.analysis().quality().mistakes().get(0)))
        .isEqualTo("… " + "y".repeat(599));
  }

  @Test
  void noRowsGiveAPageThatSaysSo() {
    String html = HandmadePage.empty(2).html();
    assertWellFormed(html);
    assertThat(html)
        .contains("No figures", "No row has both a label and a prediction", "Dataset", "Speed")
        .doesNotContain("ROC curve", "accuracy:", "null", "NaN", "Infinity");
  }

  @Test
  void manyClassesHaveNoCurves() {
    String html = HandmadePage.manyClasses(4, true).html();
    assertWellFormed(html);
    assertThat(html)
        .contains("predicted<br>class 3", "mean of classes", "Reliability", "unweighted means")
        .doesNotContain("ROC curve", "null", "NaN", "Infinity");
  }

  @Test
  void moreClassesThanFitAreToldInAFile() {
    assertThat(HandmadePage.manyClasses(21, true).html())
        .contains("21 classes do not fit a page: see confusion_matrix in metrics.json.", "class 20")
        .doesNotContain("predicted<br>");
  }

  @Test
  void logitsThatAreNotFiniteHaveNoProbabilities() {
    String html = HandmadePage.manyClasses(2, false).html();
    assertWellFormed(html);
    assertThat(html)
        .contains("Some logits are not finite", "Confusion matrix")
        .doesNotContain("Reliability", "null", "NaN", "Infinity");
  }

  /** Each element that begins ends, in order. */
  private static void assertWellFormed(String html) {
    Deque<String> open = new ArrayDeque<>();
    Matcher tags = TAG.matcher(html.replaceAll("(?s)<style>.*</style>", ""));
    while (tags.find()) {
      String name = tags.group(2);
      if (tags.group(1).equals("/")) {
        assertThat(open.pop()).isEqualTo(name);
      } else if (tags.group(3).isEmpty() && !VOID.contains(name)) {
        open.push(name);
      }
    }
    assertThat(open).isEmpty();
  }
}
