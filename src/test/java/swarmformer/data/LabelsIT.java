package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.errors.InputException;

class LabelsIT {
  @Test
  void readsClassNumbersOfAnyType() {
    for (String type : new String[] {"int", "bigint", "double", "decimal(5,1)", "string"}) {
      assertLabels("cast(0 as %1$s)), (cast(1 as %1$s)".formatted(type), 0, 1);
    }
  }

  @Test
  void readsBooleans() {
    assertLabels("false), (true), (null", 0, 1, null);
  }

  @Test
  void readsClassNames() {
    assertLabels("'negative'), ('positive'), ('neg'), ('POS'), (' Positive '", 0, 1, 0, 1, 1);
    assertLabels("'true'), ('False'), ('1.0'), (null", 1, 0, 1, null);
  }

  @Test
  void otherWordsFollowTheModelsClassNames() {
    String words = "'pos'), ('negative'), ('neg'), ('Positive'), ('true'), ('false'";
    assertClasses("positive,negative", words, 0, 1, 1, 0, 0, 1);
    assertClasses("pos,neg", words, 0, 1, 1, 0, 0, 1);
    assertClasses("true,false", words, 0, 1, 1, 0, 0, 1);
    assertClasses("LABEL_0,LABEL_1", words, 1, 0, 0, 1, 1, 0);
    assertClasses("0,1", words, 1, 0, 0, 1, 1, 0);
    assertClasses("negative,neutral,positive", words, 2, 0, 0, 2, 2, 0);
  }

  @Test
  void otherWordsMeanNothingToOtherNames() {
    String words = "'pos'), ('negative'), ('true'), ('false'";
    assertClasses("good,bad", words, null, null, 1, 0);
    assertClasses("positive,other", words, 0, null, 0, null);
    assertClasses("a,b,c", words, null, null, null, null);
  }

  @Test
  void booleansFollowTheModelsClassNames() {
    for (String type : new String[] {"boolean", "string"}) {
      String both = "cast(true as %1$s)), (cast(false as %1$s)".formatted(type);
      assertClasses("true,false", both, 0, 1);
      assertClasses("positive,negative", both, 0, 1);
      assertClasses("ham,spam", both, 1, 0);
    }
  }

  @Test
  void numbersAreNamesWhereClassesAreCalledByNumbers() {
    for (String type : new String[] {"int", "double", "decimal(5,1)", "string"}) {
      String stars =
          IntStream.rangeClosed(-1, 6)
              .mapToObj(star -> "cast(" + star + " as " + type + ")")
              .collect(Collectors.joining("), ("));
      assertClasses("1,2,3,4,5", stars, null, null, 0, 1, 2, 3, 4, null);
      assertClasses("-1,0,1", stars, 0, 1, 2, null, null, null, null, null);
    }
  }

  private static void assertClasses(String classNames, String labels, Integer... expected) {
    given(labels);
    Dataset<Row> table = LocalSpark.session().table("given");
    StructField label = table.schema().apply("label");
    assertThat(
            table
                .select(Labels.toClass(label, Optional.empty(), List.of(classNames.split(","))))
                .as(Encoders.INT())
                .collectAsList())
        .as(classNames)
        .containsExactly(expected);
  }

  @Test
  void countsLabelsThatAreNotUnderstood() {
    assertLabels("-1), (2), (1), (null", null, null, 1, null);
    assertCounts(1, 2);
    assertLabels("'good'), (''), ('2'), ('pos'), (null", null, null, null, 1, null);
    assertCounts(1, 3);
  }

  @Test
  void countsNumbersThatAreNoClass() {
    assertLabels("double('NaN')), (1e300), (-1e300), (0.5), (1.0", null, null, null, null, 1);
    assertCounts(1, 4);
    assertLabels("'NaN'), ('1e300'), ('99999999999'), ('0.5'", null, null, null, null);
    assertCounts(0, 4);
  }

  @Test
  void aMapSaysWhatLabelsMean() {
    assertMapped(
        "1-4=negative,7-10=positive", "1), (4), (5), (7), (10), (null", 0, 0, null, 1, 1, null);
    assertMapped("1-4=neg, 7-10=1", "'1'), ('10'), ('x'), (' 8 '", 0, 1, null, 1);
    assertMapped("pos=positive,BAD=0", "'pos'), ('Bad'), ('negative'), ('0'", 1, 0, null, null);
    assertMapped("-1=negative,0-0.5=positive", "-1), (0.25), (0.75", 0, 1, null);
    assertMapped("2=positive,1=negative", "1.0), (2.0), (2.5", 0, 1, null);
  }

  @Test
  void aMapSaysWhichValuesAreNoLabels() {
    String stars = "1-4=negative,5-6=,7-10=positive";
    assertMapped(stars, "1), (5), (5.5), (6), (7), (11", 0, null, null, null, 1, null);
    assertMapped("3=positive,1-5=", "3), (4", 1, null);
    Source source = given("1), (5), (6), (9), (11), (null").labelMap(stars);
    assertThat(source.read().counts()).isEqualTo(new Texts.Counts(6, 2, 1));
    assertThat(values("5), (5), (5), (9", LabelMap.parse(stars))).isEmpty();
    assertThat(values("5), (9", LabelMap.parse("7-10=positive"))).isEmpty();
    assertThat(values("5), (5), (9", LabelMap.parse("7-10=positive"))).contains("2 of 3 are not");
  }

  @Test
  void refusesAMapToWhatIsNoClass() {
    assertThat(given("1), (2").labelMap("1=bad").refusal())
        .isEqualTo(
            "Cannot map labels to 'bad': the classes of the model are negative, positive. Fix --label-map 1=bad.");
  }

  /** They are joined: the labels alone would be blamed for what is not theirs. */
  @Test
  void blamesNoLabelsOnDamagedPredictions(@TempDir Path folder) {
    Path labels = TestFiles.text(folder, "labels.csv", "id,label\na,positive\n");
    Path damaged = TestFiles.bytes(folder, "predictions.parquet", TestFiles.noise(100));
    Dataset<Row> predictions =
        LocalSpark.session().read().schema("id STRING").parquet(damaged.toString());
    assertThatThrownBy(
            () ->
                LaterLabels.read(
                    LocalSpark.session(),
                    Source.of(labels).source(),
                    List.of("negative", "positive"),
                    predictions))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot read " + labels + " and the predictions: ")
        .hasMessageContaining("predictions.parquet");
  }

  @Test
  void knowsWhatIsAMap() {
    assertThat(LabelMap.parse("1-4=negative , 7-10=positive")).isPresent();
    for (String wrong : new String[] {"", "1", "=positive", "1=a,,2=b", "1=a=b"}) {
      assertThat(LabelMap.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void refusesLabelsOfWhichMostAreUnrecognised() {
    assertThat(values("'good'), ('good'), ('bad'), ('pos'", Optional.empty()))
        .isEqualTo(
            "Cannot evaluate with the labels of column 'label': 3 of 4 are not classes of the model (negative, positive). Found: 'good' (2), 'bad' (1). Say what they mean, as in --label-map '1-4=negative,7-10=positive', or set --label-col.");
    assertThat(values("'good'), ('bad'", LabelMap.parse("good=positive,bad=negative"))).isEmpty();
  }

  @Test
  void refusesNumbersBeyondTheClasses() {
    assertThat(values("1), (1), (1), (5", Optional.empty()))
        .startsWith(
            "Cannot take the numbers of column 'label' for classes: the model has classes 0 to 1 (negative, positive), and labels beyond: 1. Found: '5' (1).");
    assertThat(values("1), (0), (-1), (null", Optional.empty())).isEmpty();
    assertThat(values("1), (1), (-1), (null", Optional.empty()))
        .contains("and labels beyond: 1. Found: '-1' (1).");
    assertThat(values("'pos'), ('pos'), ('-1'", Optional.empty())).isEmpty();
    assertThat(values("1), (1), (-1", LabelMap.parse("1=positive,-1="))).isEmpty();
    assertThat(values("1), (0), (5", LabelMap.parse("0=negative,1=positive"))).isEmpty();
  }

  /** The refusal to evaluate with labels; empty where there is none. */
  private static String values(String labels, Optional<LabelMap> map) {
    Source source = given(labels);
    map.ifPresent(it -> source.labelMap(it.text()));
    LabelValues values =
        LabelValues.ofHead(LocalSpark.session(), source.source(), List.of("negative", "positive"))
            .orElseThrow();
    Throwable thrown =
        catchThrowable(() -> values.check(source.source(), List.of("negative", "positive")));
    return thrown == null ? "" : thrown.getMessage();
  }

  private static void assertMapped(String map, String values, Integer... expected) {
    assertThat(given(values).labelMap(map).column("label")).containsExactly((Object[]) expected);
  }

  private static void assertLabels(String values, Integer... expected) {
    assertThat(given(values).column("label")).containsExactly((Object[]) expected);
  }

  private static void assertCounts(long labelled, long unreadable) {
    Texts.Counts counts = Source.table("given").read().counts();
    assertThat(counts.labelled()).isEqualTo(labelled);
    assertThat(counts.unreadableLabels()).isEqualTo(unreadable);
  }

  private static Source given(String values) {
    return TextsColumnsIT.view(
        "select 'a' as text, label from values (%s) as t(label)".formatted(values));
  }
}
