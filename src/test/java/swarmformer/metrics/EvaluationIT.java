package swarmformer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import swarmformer.LocalSpark;
import swarmformer.checkpoint.SwarmFormerConfig;

final class EvaluationIT {
  private static final double TOLERANCE = 1e-9;

  private static Stream<Named<JsonNode>> cases() {
    return JudgedRows.cases().stream().map(each -> Named.of(each.get("name").asText(), each));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithScikitLearn(JsonNode golden) {
    Map<String, Object> figures = figures(evaluate(JudgedRows.of(golden)));
    JsonNode expected = golden.get("expected");
    assertThat(figures).containsOnlyKeys(names(expected));
    expected.properties().forEach(field -> assertEqual(field, figures.get(field.getKey())));
  }

  private static void assertEqual(Map.Entry<String, JsonNode> expected, Object actual) {
    JsonNode value = expected.getValue();
    if (value.isDouble()) {
      double allowed = TOLERANCE * Math.max(1, Math.abs(value.doubleValue()));
      assertThat((Double) actual)
          .as(expected.getKey())
          .isEqualTo(value.doubleValue(), within(allowed));
    } else {
      JsonNode written = new ObjectMapper().valueToTree(actual);
      assertThat(written).as(expected.getKey()).hasToString(value.toString());
    }
  }

  /** The figures that scikit-learn gives, and those of our own. */
  private static List<String> names(JsonNode expected) {
    List<String> names = new ArrayList<>(List.of("base_rate", "notes"));
    expected.properties().forEach(field -> names.add(field.getKey()));
    return names;
  }

  private static Evaluation evaluate(Dataset<Row> predictions) {
    return Evaluation.of(predictions, classNames(predictions).size());
  }

  private static List<String> classNames(Dataset<Row> predictions, String... names) {
    return Evaluation.classNames(
        predictions, new SwarmFormerConfig(60, 8, 16, 4, 1, 1, List.of(names)));
  }

  private static Map<String, Object> figures(Evaluation evaluation) {
    Fields fields = new Fields();
    evaluation.describe(fields);
    return fields.toMap();
  }

  @Test
  void predictionsWithoutLabelColumnHaveNothingToEvaluate() {
    Dataset<Row> predictions = JudgedRows.of(JudgedRows.golden("two classes")).drop("label");
    Evaluation evaluation = evaluate(predictions);
    assertThat(evaluation.rows()).isEqualTo(300);
    assertThat(evaluation.withoutLabel()).isEqualTo(300);
    assertThat(evaluation.evaluated()).isZero();
    assertThat(evaluation.confusion().accuracy()).isZero();
    assertThat(evaluation.probabilities()).isEqualTo(new Probabilities(null, null, null));
  }

  @Test
  void classesNobodyPredictedAreCounted() {
    Evaluation evaluation = evaluate(JudgedRows.of(JudgedRows.row(0, 0, 3f, 2f, 1f, 0f)));
    assertThat(evaluation.confusion().classes()).isEqualTo(4);
  }

  @Test
  void classesOfAModelThatScoredNoRowAreThoseOfItsConfiguration() {
    Dataset<Row> none = JudgedRows.of(JudgedRows.row(0, null));
    assertThat(classNames(none, "bad", "ok", "good")).containsExactly("bad", "ok", "good");
    assertThat(classNames(none)).containsExactly("negative", "positive");
  }

  @Test
  void sameUnderOtherSqlRules() {
    Dataset<Row> predictions = JudgedRows.of(JudgedRows.golden("both null"));
    double strict = evaluate(predictions).probabilities().logLoss();
    LocalSpark.session().conf().set("spark.sql.ansi.enabled", "false");
    try {
      assertThat(evaluate(predictions).probabilities().logLoss()).isEqualTo(strict);
      assertThat(evaluate(predictions).withoutPrediction()).isEqualTo(7);
    } finally {
      LocalSpark.session().conf().unset("spark.sql.ansi.enabled");
    }
  }

  @Test
  void saysNothingWhereThereIsNothingToSay() {
    assertThat(notes("two classes")).isEmpty();
  }

  @Test
  void saysWhatWasLeftOut() {
    assertThat(notes("both null"))
        .containsExactly(
            "Rows without a label, not evaluated: 23.",
            "Labelled rows without a prediction, not evaluated: 7.");
  }

  @Test
  void saysWhyFiguresAreMissing() {
    assertThat(notes("no rows"))
        .containsExactly("No row has both a label and a prediction, so no figure means anything.");
    assertThat(notes("no labels"))
        .containsExactly(
            "No row has both a label and a prediction, so no figure means anything.",
            "Rows without a label, not evaluated: 10.");
    assertThat(notes("only positive labels"))
        .containsExactly("All labels are of one class, so there is no ROC AUC.");
    assertThat(notes("only negative labels"))
        .contains("No row is labelled with class 1, so recall and F1 are given as 0.");
    assertThat(notes("never predicts positive"))
        .containsExactly("No row is predicted as class 1, so precision and F1 are given as 0.");
  }

  @Test
  void saysHowManyClassesAreAveraged() {
    assertThat(notes("three classes"))
        .containsExactly(
            "Precision, recall and F1 are unweighted means over 3 classes; ROC AUC is for two.");
    assertThat(notes("one class of three"))
        .contains("Classes without a label count as 0 in the mean of recall: 2 of 3.");
  }

  @Test
  void logitsThatAreNoNumbersGiveNoProbabilities() {
    Evaluation evaluation =
        evaluate(
            JudgedRows.of(
                JudgedRows.row(0, 0, Float.NaN, Float.NaN), JudgedRows.row(1, 1, 0f, 1f)));
    assertThat(evaluation.probabilities().logLoss()).isNull();
    assertThat(evaluation.probabilities().brier()).isNull();
    assertThat(evaluation.notes())
        .containsExactly(
            "Some logits are not finite, so there is no log loss, Brier score or ROC AUC.");
  }

  private static List<String> notes(String golden) {
    return evaluate(JudgedRows.of(JudgedRows.golden(golden))).notes();
  }
}
