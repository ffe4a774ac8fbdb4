package swarmformer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.errors.InputException;
import swarmformer.metrics.Evaluation;

final class AnalysisIT {
  private static final StructType PREDICTIONS =
      StructType.fromDDL(
          "id STRING, rating INT, label INT, prediction INT, logits ARRAY<FLOAT>, tokens INT,"
              + " truncated BOOLEAN");

  private static final StructType BATCHES = StructType.fromDDL("positions BIGINT, model_ms DOUBLE");

  private static Row row(String id, Integer rating, int label, float score, int tokens) {
    Float[] logits = {0f, score};
    return RowFactory.create(id, rating, label, score > 0 ? 1 : 0, logits, tokens, tokens > 99);
  }

  private static Dataset<Row> predictions(List<Row> rows) {
    return LocalSpark.session().createDataFrame(rows, PREDICTIONS);
  }

  private static Dataset<Row> predictions(Row... rows) {
    return predictions(List.of(rows));
  }

  private static Dataset<Row> batches(double... ms) {
    List<Row> rows = new ArrayList<>(List.of(RowFactory.create(0L, 9_999.0)));
    for (double each : ms) {
      rows.add(RowFactory.create(64L, each));
    }
    return LocalSpark.session().createDataFrame(rows, BATCHES);
  }

  private static Analysis analyse(Dataset<Row> predictions, String... slices) {
    return Analysis.of(
        Evaluation.of(predictions, 2),
        predictions,
        batches(),
        new Analysis.Questions(List.of(slices), Optional.empty(), Optional.empty()));
  }

  private static void add(List<Row> rows, int number, Integer rating, float score, int tokens) {
    for (int i = 0; i < number; i++) {
      rows.add(row("r" + rows.size(), rating, 1, score, tokens));
    }
  }

  @Test
  void lengthsStayInTheirOrder() {
    List<Row> rows = new ArrayList<>();
    add(rows, 30, 1, 2, 5_000);
    add(rows, 30, 1, -2, 32);
    add(rows, 40, 1, 2, 16);
    Slices slices = analyse(predictions(rows)).slices().get(0);
    assertThat(slices.column()).isEqualTo("tokens");
    assertThat(slices.slices())
        .extracting(Slices.Slice::value)
        .containsExactly("1–16", "17–32", "over 1024");
    assertThat(slices.slices().get(1).accuracy()).isZero();
  }

  @Test
  void valuesOfAColumnComeByAccuracyAndRareOnesTogether() {
    List<Row> rows = new ArrayList<>();
    add(rows, 40, 8, 2, 10);
    add(rows, 20, 9, 2, 10);
    add(rows, 20, 9, -2, 10);
    add(rows, 2, 3, 2, 10);
    add(rows, 1, null, -2, 10);
    Slices slices = analyse(predictions(rows), "rating").slices().get(2);
    assertThat(slices.compared()).isEqualTo(2);
    assertThat(slices.slices())
        .extracting(Slices.Slice::value)
        .containsExactly("9", "8", "2 others");
    assertThat(slices.slices().get(2).right()).isEqualTo(2);
    assertThat(slices.slices().get(2).pValue()).isNull();
  }

  @Test
  void oneRareValueKeepsItsName() {
    List<Row> rows = new ArrayList<>();
    add(rows, 40, 8, 2, 10);
    add(rows, 1, null, -2, 10);
    assertThat(analyse(predictions(rows), "rating").slices().get(2).slices())
        .extracting(Slices.Slice::value)
        .containsExactly("8", "(null)");
  }

  /** Twenty values of 30 rows, and 30 of another value that are all wrong. */
  @Test
  void pValuesAreTimesTheNumberOfComparisons() {
    List<Row> rows = new ArrayList<>();
    for (int value = 1; value <= 20; value++) {
      add(rows, 29, value, 2, 10);
      add(rows, 1, value, -2, 10);
    }
    add(rows, 30, 0, -2, 10);
    Analysis analysis = analyse(predictions(rows), "rating");
    Slices slices = analysis.slices().get(2);
    assertThat(analysis.slices()).extracting(Slices::compared).containsExactly(0L, 0L, 21L);
    assertThat(slices.slices()).hasSize(21);
    assertThat(slices.slices().get(0).value()).isEqualTo("0");
    assertThat(slices.slices().get(0).isWeak()).isTrue();
    assertThat(slices.slices().get(0).pValue())
        .isEqualTo(21 * WeakSlice.pValue(30, 0, 630, 580), within(1e-12));
    assertThat(slices.slices().get(1).isWeak()).isFalse();
  }

  @Test
  void refusesToSliceByWhatIsNotThere() {
    assertThatThrownBy(() -> analyse(predictions(row("a", 1, 1, 1, 1)), "date"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot slice by 'date': the predictions have no such column. Columns found: id, rating,"
                + " label, prediction, logits, tokens, truncated. Set --slice, or score with --keep"
                + " date.");
  }

  /** p(class 1) of 0.88, 0.73, 0.5, 0.27 and 0.12. */
  @Test
  void decisionThresholdsCountWhatIsPredictedFromThem() {
    Dataset<Row> predictions =
        predictions(
            row("a", 1, 1, 2, 1),
            row("b", 1, 0, 1, 1),
            row("c", 1, 1, 0, 1),
            row("d", 1, 1, -1, 1),
            row("e", 1, 0, -2, 1));
    List<DecisionThresholds.Threshold> found =
        analyse(predictions).quality().decisions().thresholds();
    assertThat(found)
        .extracting(DecisionThresholds.Threshold::predicted)
        .containsExactly(5L, 5L, 4L, 3L, 3L, 3L, 2L, 2L, 1L, 0L, 0L);
    assertThat(found.get(5))
        .isEqualTo(new DecisionThresholds.Threshold(0.5, 3, 2 / 3.0, 2 / 3.0, 1 / 2.0, 3 / 5.0));
    assertThat(found.get(10))
        .isEqualTo(new DecisionThresholds.Threshold(0.95, 0, null, 0, 0, 2 / 5.0));
  }

  @Test
  void labelIssuesAgreeWithCleanlab() {
    JsonNode cases = Golden.json(Golden.file("metrics/statistics.json")).get("label_issues");
    assertThat(cases).hasSize(4).allSatisfy(AnalysisIT::assertLabelIssues);
  }

  private static void assertLabelIssues(JsonNode golden) {
    List<Row> rows = new ArrayList<>();
    int[] labels = Golden.ids(golden.get("labels"));
    int classes = golden.get("logits").get(0).size();
    for (int i = 0; i < labels.length; i++) {
      Float[] logits = new Float[classes];
      for (int k = 0; k < classes; k++) {
        logits[k] = golden.get("logits").get(i).get(k).floatValue();
      }
      rows.add(RowFactory.create("r" + i, 1, labels[i], 0, logits, 1, false));
    }
    LabelIssues issues = LabelIssues.of(predictions(rows), classes, labels.length);
    long[][] joint = new long[classes][classes];
    issues.pairs().forEach(p -> joint[(int) p.label()][(int) p.suggested()] = p.rows());
    for (int label = 0; label < classes; label++) {
      for (int suggested = 0; suggested < classes; suggested++) {
        assertThat(joint[label][suggested])
            .isEqualTo(golden.get("off_diagonal").get(label).get(suggested).longValue());
      }
    }
    assertThat(issues.share()).isEqualTo((double) issues.rows() / labels.length);
  }

  @Test
  void mistakesComeByConfidenceThenId() {
    Dataset<Row> predictions =
        predictions(
            row("right", 1, 1, 9, 1),
            row("b", 1, 1, -2, 7),
            row("a", 1, 0, 2, 100),
            row("sure", 1, 0, 3, 1));
    List<Mistake> mistakes = analyse(predictions).quality().mistakes();
    assertThat(mistakes).extracting(Mistake::id).containsExactly("sure", "a", "b");
    assertThat(mistakes.get(1).confidence()).isEqualTo(1 / (1 + Math.exp(-2)), within(1e-12));
    assertThat(mistakes.get(1).labelProbability()).isEqualTo(1 / (1 + Math.exp(2)), within(1e-12));
    assertThat(mistakes.get(1).truncated()).isTrue();
    assertThat(mistakes.get(1).text()).isNull();
  }

  @Test
  void mistakesCarryAKeptText() {
    Dataset<Row> predictions =
        predictions(row("a", 1, 0, 2, 1)).selectExpr("*", "repeat('é', 500) AS text");
    assertThat(analyse(predictions).quality().mistakes().get(0).text()).isEqualTo("é".repeat(500));
  }

  @Test
  void countsRepeatedIds() {
    InputFacts facts =
        analyse(
                predictions(
                    row("a", 1, 1, 1, 3),
                    row("a", 1, 1, 1, 3),
                    row("a", 1, 1, 1, 3),
                    row("b", 1, 1, 1, 3),
                    row(null, 1, 1, 1, 3),
                    row(null, 1, 1, 1, 300)))
            .input();
    assertThat(facts.rows()).isEqualTo(6);
    assertThat(facts.distinctIds()).isEqualTo(2);
    assertThat(facts.repeatedIds()).isEqualTo(1);
    assertThat(facts.rowsOfRepeatedIds()).isEqualTo(3);
    assertThat(facts.truncated()).isEqualTo(1);
  }

  @Test
  void percentilesAgreeWithNumpy() {
    JsonNode cases = Golden.json(Golden.file("metrics/statistics.json")).get("percentiles");
    assertThat(cases).hasSize(5).allSatisfy(AnalysisIT::assertPercentiles);
  }

  private static void assertPercentiles(JsonNode golden) {
    int[] values = Golden.ids(golden.get("values"));
    InputFacts.Lengths lengths =
        InputFacts.of(
                predictions(
                    IntStream.of(values).mapToObj(value -> row("r", 1, 1, 1, value)).toList()))
            .tokens();
    double[] expected = Golden.logits(golden.get("expected"));
    double[] actual = {lengths.p5(), lengths.p25(), lengths.median(), lengths.p75(), lengths.p95()};
    assertThat(actual).containsExactly(Arrays.copyOf(expected, 5), within(1e-9));
  }

  /** Those of NumPy's method inverted_cdf. */
  @Test
  void percentilesOfLatenciesAreThoseOfBatches() {
    double[] ms = IntStream.rangeClosed(1, 250).mapToDouble(i -> (i * 37 % 251) / 2.0).toArray();
    Latencies latencies = Latencies.of(batches(ms));
    assertThat(latencies.p50Ms()).isEqualTo(62.5);
    assertThat(latencies.p95Ms()).isEqualTo(119);
    assertThat(latencies.p99Ms()).isEqualTo(124);
    assertThat(latencies.maxMs()).isEqualTo(125);
  }

  @Test
  void latenciesFallIntoBinsUpToTheGreatest() {
    Latencies latencies = Latencies.of(batches(0.5, 1, 24.9, 25));
    assertThat(latencies.batches()).isEqualTo(4);
    assertThat(latencies.bins())
        .containsExactly(
            new Latencies.Bin(0, 1, 1), new Latencies.Bin(1, 2, 1), new Latencies.Bin(24, 25, 2));
    assertThat(Latencies.of(batches())).isNull();
  }

  private static Comparison compare(
      Dataset<Row> here, Dataset<Row> there, Optional<String> clusterBy, String... slices) {
    return Comparison.of(
        here,
        new Analysis.Questions(
            List.of(slices), clusterBy, Optional.of(new Analysis.OtherRun("r", there))),
        2);
  }

  @Test
  void comparesRowsThatBothRunsHaveOnce() {
    Dataset<Row> here =
        predictions(
            row("both", 1, 1, 1, 1),
            row("here", 1, 1, 1, 1),
            row("there", 1, 1, -1, 1),
            row("twice", 1, 1, 1, 1),
            row("twice", 1, 1, 1, 1),
            row("new", 1, 1, 1, 1));
    Dataset<Row> there =
        predictions(
            row("both", 1, 1, 1, 1),
            row("here", 1, 1, -1, 1),
            row("there", 1, 1, 1, 1),
            row("twice", 1, 1, -1, 1));
    Comparison comparison = compare(here, there, Optional.empty());
    assertThat(comparison.counts()).isEqualTo(new Comparison.Counts(1, 1, 1, 0));
    assertThat(comparison.here()).isEqualTo(new Comparison.Figures(2 / 3.0, 1, 2 / 3.0, 0.8));
    assertThat(comparison.turned())
        .extracting(Comparison.Turned::id, Comparison.Turned::isRight)
        .containsExactly(tuple("there", false), tuple("here", true));
  }

  /** A label that was corrected since, or came later, is that of both. */
  @Test
  void judgesBothRunsByTheLabelsOfThisOne() {
    Dataset<Row> there =
        predictions(row("a", 1, 1, 1, 1), row("b", 1, 0, 1, 1), row("corrected", 1, 0, 1, 1));
    Dataset<Row> here =
        predictions(row("a", 1, 1, 1, 1), row("b", 1, 0, 1, 1), row("corrected", 1, 1, 1, 1));
    for (Dataset<Row> other : List.of(there, there.drop("label"))) {
      Comparison comparison = compare(here, other, Optional.empty());
      assertThat(comparison.counts()).isEqualTo(new Comparison.Counts(2, 0, 0, 1));
      assertThat(comparison.there()).isEqualTo(comparison.here());
      assertThat(comparison.there().accuracy()).isEqualTo(comparison.counts().accuracyThere());
      assertThat(comparison.turned()).isEmpty();
    }
  }

  @Test
  void refusesToCompareWhatSharesNoRow() {
    Dataset<Row> here = predictions(row("a", 1, 1, 1, 1));
    Dataset<Row> there = predictions(row("b", 1, 1, 1, 1));
    assertThatThrownBy(() -> compare(here, there, Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot compare with run 'r': no row with a label");
  }

  /** By statsmodels and scipy. */
  @Test
  void intervalsOfGroupsAgreeWithStatsmodels() {
    JsonNode cases = Golden.json(Golden.file("metrics/statistics.json")).get("clustered");
    assertThat(cases).hasSize(5).allSatisfy(AnalysisIT::assertGroups);
  }

  private static void assertGroups(JsonNode golden) {
    List<Row> rows = new ArrayList<>();
    int[] groups = Golden.ids(golden.get("groups"));
    int[] right = Golden.ids(golden.get("right"));
    for (int i = 0; i < groups.length; i++) {
      rows.add(row("r" + i, groups[i], 1, right[i] == 1 ? 2 : -2, 10));
    }
    Dataset<Row> predictions = predictions(rows);
    Interval interval = Groups.ofAccuracy(LabelledRows.of(predictions), "rating").interval();
    assertThat(interval.low()).isEqualTo(golden.get("low").doubleValue(), within(1e-9));
    assertThat(interval.high()).isEqualTo(golden.get("high").doubleValue(), within(1e-9));
  }

  /** By statsmodels, scipy and a search of the likelihood. */
  @Test
  void differencesOfGroupsAgreeWithStatsmodels() {
    JsonNode cases =
        Golden.json(Golden.file("metrics/statistics.json")).get("clustered_differences");
    assertThat(cases).hasSize(7).allSatisfy(AnalysisIT::assertDifference);
  }

  private static void assertDifference(JsonNode golden) {
    Comparison.Significance found =
        compare(run(golden, "here"), run(golden, "there"), Optional.of("rating")).significance();
    assertThat(found.interval().low()).isEqualTo(golden.get("low").doubleValue(), within(1e-9));
    assertThat(found.interval().high()).isEqualTo(golden.get("high").doubleValue(), within(1e-9));
    assertThat(found.pValue()).isEqualTo(golden.get("p").doubleValue(), within(1e-9));
    assertThat(found.pValue() < 0.05)
        .isEqualTo(found.interval().low() > 0 || found.interval().high() < 0);
    assertThat(found.groups().effectiveRows())
        .isEqualTo(golden.get("effective_rows").doubleValue(), within(1e-6));
    assertThat(found.groups().interval()).isEqualTo(found.interval());
    assertThat(found.exact()).isFalse();
  }

  private static Dataset<Row> run(JsonNode golden, String name) {
    List<Row> rows = new ArrayList<>();
    int[] groups = Golden.ids(golden.get("groups"));
    int[] right = Golden.ids(golden.get(name));
    for (int i = 0; i < groups.length; i++) {
      rows.add(row("r" + i, groups[i], 1, right[i] == 1 ? 2 : -2, 10));
    }
    return predictions(rows);
  }

  /** All rows of a group are as all rows are: the groups cost nothing. */
  @Test
  void groupsThatAreAllAlikeTellAsMuchAsTheirRows() {
    List<Row> here = new ArrayList<>();
    List<Row> there = new ArrayList<>();
    for (int group = 0; group < 4; group++) {
      for (int i = 0; i < 49; i++) {
        String id = "r" + group + "-" + i;
        here.add(row(id, group, 1, 2, 10));
        there.add(row(id, group, 1, i == 0 ? -2 : 2, 10));
      }
    }
    Comparison.Significance found =
        compare(predictions(here), predictions(there), Optional.of("rating")).significance();
    assertThat(found.groups().effectiveRows()).isEqualTo(196);
    assertThat(found.interval().low()).isNegative();
  }

  @Test
  void refusesToCompareOneGroup() {
    Dataset<Row> here = predictions(row("a", 1, 1, 1, 1), row("b", 1, 1, 1, 1));
    assertThatThrownBy(() -> compare(here, here, Optional.of("rating")))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot cluster by 'rating': all rows that are compared with run 'r' have one value of"
                + " it. Set --cluster-by to a column that groups them.");
  }

  /** Ratings 1 to 3 have 40 rows, of which run r has fewer, as many, and more right; 4 has 9. */
  @Test
  void comparedSlicesComeByWhatTheyLostAndRareOnesTogether() {
    List<Row> here = new ArrayList<>();
    List<Row> there = new ArrayList<>();
    int[] wrongHere = {2, 10, 12, 1};
    int[] wrongThere = {6, 10, 5, 3};
    for (int rating = 1; rating <= 4; rating++) {
      for (int i = 0; i < (rating == 4 ? 9 : 40); i++) {
        String id = "r%d-%d".formatted(rating, i);
        Integer value = rating == 4 && i > 5 ? null : Integer.valueOf(rating);
        here.add(row(id, value, 1, i < wrongHere[rating - 1] ? -2 : 2, 10));
        there.add(row(id, 9, 1, i < wrongThere[rating - 1] ? -2 : 2, 10));
      }
    }
    here.add(row("new", 3, 1, -2, 10));
    List<ComparedSlices> found =
        compare(predictions(here), predictions(there), Optional.empty(), "rating", "truncated")
            .slices();
    assertThat(found).extracting(ComparedSlices::column).containsExactly("rating", "truncated");
    assertThat(found.get(0).slices())
        .containsExactly(
            slice("3", 28, 0, 7, 5),
            slice("2", 30, 0, 0, 10),
            slice("1", 34, 4, 0, 2),
            slice("2 others", 6, 2, 0, 1));
    assertThat(found.get(1).slices()).containsExactly(slice("false", 98, 6, 7, 18));
  }

  private static ComparedSlices.ComparedSlice slice(
      String value, long bothRight, long onlyHere, long onlyThere, long bothWrong) {
    double rows = bothRight + onlyHere + onlyThere + bothWrong;
    return new ComparedSlices.ComparedSlice(
        value,
        new Comparison.Counts(bothRight, onlyHere, onlyThere, bothWrong),
        (bothRight + onlyHere) / rows,
        (bothRight + onlyThere) / rows,
        (onlyHere - onlyThere) / rows,
        Interval.pairedDifference(onlyHere, onlyThere, (long) rows));
  }

  /** Each slice is what a comparison of its rows alone finds, and the rest what one of the rest. */
  @Test
  void comparedSlicesOfGroupsAreThoseOfTheirRowsAlone() {
    Dataset<Row> rows =
        LocalSpark.session()
            .range(2_000)
            .selectExpr(
                "string(id) AS id",
                "int(if(id < 40, 99, id % 27)) AS rating",
                "int(id % 2) AS label",
                "if(id < 40, 'one', string(id % 23)) AS film",
                "10 AS tokens",
                "false AS truncated");
    Dataset<Row> here = predicted(rows, "id < 40 OR id % 23 + id % 7 > 20");
    Dataset<Row> there = predicted(rows, "id % 23 + id % 5 > 21");
    List<ComparedSlices.ComparedSlice> slices =
        compare(here, there, Optional.of("film"), "rating").slices().get(0).slices();
    List<String> values = slices.stream().map(ComparedSlices.ComparedSlice::value).toList();
    assertThat(values).hasSize(21).startsWith("99").endsWith("8 others");
    assertThat(slices.get(0).interval()).as("of one film").isNull();
    assertThat(slices.subList(0, 20))
        .isSortedAccordingTo(Comparator.comparing(ComparedSlices.ComparedSlice::difference));
    String told = String.join(",", values.subList(0, 20));
    assertSame(slices.get(1), compare(here.where("rating = " + values.get(1)), there));
    assertSame(slices.get(19), compare(here.where("rating = " + values.get(19)), there));
    assertSame(slices.get(20), compare(here.where("rating NOT IN (" + told + ")"), there));
  }

  private static Comparison compare(Dataset<Row> here, Dataset<Row> there) {
    return compare(here, there, Optional.of("film"));
  }

  private static void assertSame(ComparedSlices.ComparedSlice slice, Comparison alone) {
    assertThat(slice.counts()).isEqualTo(alone.counts());
    assertThat(slice.interval()).isEqualTo(alone.significance().interval());
  }

  private static Dataset<Row> predicted(Dataset<Row> rows, String wrong) {
    return rows.withColumn(
            "prediction", functions.expr("int(if(%s, 1 - label, label))".formatted(wrong)))
        .withColumn("logits", functions.expr("array(float(0), float(2 * prediction - 1))"));
  }

  @Test
  void refusesOneGroup() {
    Dataset<Row> predictions = predictions(row("a", 1, 1, 1, 1), row("b", 1, 1, 1, 1));
    Analysis.Questions asked =
        new Analysis.Questions(List.of(), Optional.of("rating"), Optional.empty());
    assertThatThrownBy(
            () -> Analysis.of(Evaluation.of(predictions, 2), predictions, batches(), asked))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot cluster by 'rating': all rows");
  }

  @Test
  void nothingGivesNothing() {
    Analysis analysis = analyse(predictions(List.of()));
    assertThat(analysis.interval()).isEqualTo(new Interval(0, 1));
    assertThat(analysis.quality()).isNull();
    assertThat(analysis.slices()).isEmpty();
    assertThat(analysis.latencies()).isNull();
    assertThat(analysis.input()).isEqualTo(new InputFacts(0, 0, 0, 0, 0, null));
  }
}
