package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import swarmformer.LocalSpark;

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
  void shortNamesFollowTheModelsClassNames() {
    TextsColumnsIT.view("select label from values ('pos'), ('negative'), ('neg') as t(label)");
    StructField label = DataTypes.createStructField("label", DataTypes.StringType, true);
    assertThat(
            LocalSpark.session()
                .table("given")
                .select(Labels.toClass(label, List.of("positive", "negative")))
                .as(Encoders.INT())
                .collectAsList())
        .containsExactly(0, 1, 1);
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
