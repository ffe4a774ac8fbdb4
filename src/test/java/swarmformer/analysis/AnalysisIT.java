package swarmformer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.errors.InputException;
import swarmformer.metrics.Evaluation;

@Tag("long")
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
        Evaluation.of(predictions), predictions, batches(), List.of(slices), Optional.empty());
  }

  @Test
  void slicesByLengthTruncationAndColumns() {
    Analysis analysis =
        analyse(
            predictions(
                row("a", 10, 1, 2, 17),
                row("b", 9, 1, -2, 32),
                row("c", 9, 1, 2, 5_000),
                row("d", null, 0, -2, 16)),
            "rating");
    assertThat(analysis.slices())
        .extracting(Slices::column)
        .containsExactly("tokens", "truncated", "rating");
    assertThat(analysis.slices().get(0).slices())
        .containsExactly(
            Slices.Slice.of("1–16", 1, 1),
            Slices.Slice.of("17–32", 2, 1),
            Slices.Slice.of("over 1024", 1, 1));
    assertThat(analysis.slices().get(1).slices())
        .containsExactly(Slices.Slice.of("cut", 1, 1), Slices.Slice.of("whole", 3, 2));
    assertThat(analysis.slices().get(2).slices())
        .containsExactly(
            Slices.Slice.of("9", 2, 1),
            Slices.Slice.of("10", 1, 1),
            Slices.Slice.of("(null)", 1, 1));
  }

  @Test
  void addsUpAllButTheCommonestValues() {
    List<Row> rows = new ArrayList<>();
    for (int value = 0; value < 25; value++) {
      for (int i = 0; i < (value < 20 ? 2 : 1); i++) {
        rows.add(row("r", value, 1, value < 24 ? 1 : -1, 10));
      }
    }
    List<Slices.Slice> slices = analyse(predictions(rows), "rating").slices().get(2).slices();
    assertThat(slices).hasSize(21);
    assertThat(slices.get(2).value()).isEqualTo("2");
    assertThat(slices.get(20)).isEqualTo(Slices.Slice.of("5 others", 5, 4));
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
  void mistakesCarryTheBeginOfAKeptText() {
    Dataset<Row> predictions =
        predictions(row("a", 1, 0, 2, 1)).selectExpr("*", "repeat('é', 500) AS text");
    assertThat(analyse(predictions).quality().mistakes().get(0).text()).isEqualTo("é".repeat(400));
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
    assertThat(Comparison.of(here, "r", there)).isEqualTo(Comparison.of("r", 1, 1, 1, 0));
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
