package swarmformer.nightly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.LocalSpark;
import swarmformer.data.Source;
import swarmformer.data.Texts;
import swarmformer.errors.OutputException;

class NightRowsIT {
  private static final List<String> CLASSES = List.of("negative", "positive");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "x'00ff10'|x'00ff11'|00ff10|00ff11",
        "7|8|7|8",
        "'a'|'b'|a|b",
        "date'2026-11-01'|date'2026-11-02'|2026-11-01|2026-11-02"
      })
  void keepsIdsApart(String first, String second, String firstText, String secondText) {
    Dataset<Row> plan = plan(first, second);
    List<String> ids = plan.select("id").as(Encoders.STRING()).collectAsList();
    assertThat(ids).containsExactlyInAnyOrder(firstText, secondText);
  }

  @Test
  void countsRepeatedIdsOfBytes() {
    Dataset<Row> plan = plan("x'ff'", "x'ff'");
    assertThat(NightRows.countsOf(plan).repeatedIds()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 5L, bigint",
    "4.5f, 4.5d, double",
    "4, 4.5d, double",
    "4, 5, int",
    "4, string(5), string",
    "true, string(5), string",
    "date'2026-11-01', string(5), string",
    "timestamp'2026-11-01 00:00:00', string(5), string",
    "timestamp_ntz'2026-11-01 00:00:00', string(5), string",
    "array(4), array('5'), array<string>",
    "array(string(null)), 'array(5L, null)', array<bigint>",
    "array(array(string(null))), 'array(array(5L, null))', array<array<bigint>>",
    "null, array(5), array<int>",
    "string(null), 5L, bigint"
  })
  void keepsColumnsInTheTypeOfTheStoreWhereThatHoldsMore(String now, String before, String type) {
    Texts fitted = KeptColumns.fitted(withStars(now), Optional.of(withStars(before).rows()));
    assertThat(fitted.rows().schema().apply("stars").dataType().catalogString()).isEqualTo(type);
    assertThat(fitted.rows().columns()).containsExactly(withStars(now).rows().columns());
  }

  @ParameterizedTest
  @CsvSource({
    "5L, 4, bigint, int",
    "4.5d, 4.5f, double, float",
    "5L, 4.5d, bigint, double",
    "array('x'), array(5L), array<string>, array<bigint>",
    "array(5L), string(5), array<bigint>, string"
  })
  void refusesColumnsOfATypeThatTheStoreDoesNotHold(
      String now, String before, String type, String ofStore) {
    assertThatThrownBy(
            () -> KeptColumns.fitted(withStars(now), Optional.of(withStars(before).rows())))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot keep column 'stars' of night: it is %s, and %s in the store. Write it as that, leave it out of --keep, or set --store to a new one.",
            type, ofStore);
  }

  /** Readers of Parquet take columns whose names differ in case for two. */
  @Test
  void keepsColumnsByTheNamesOfTheStore() {
    Dataset<Row> store = LocalSpark.session().sql("select 5L as Stars");
    Texts fitted = KeptColumns.fitted(withStars("4"), Optional.of(store));
    assertThat(fitted.rows().columns()[fitted.carried() - 1]).isEqualTo("Stars");
    assertThat(fitted.rows().schema().apply("Stars").dataType()).isEqualTo(DataTypes.LongType);
    Dataset<Row> text = LocalSpark.session().sql("select array(5) as STARS");
    assertThatThrownBy(() -> KeptColumns.fitted(withStars("4"), Optional.of(text)))
        .isInstanceOf(OutputException.class);
  }

  private static Texts withStars(String value) {
    LocalSpark.session()
        .sql("select 'Good.' as text, %s as stars".formatted(value))
        .createOrReplaceTempView("night");
    return Texts.read(LocalSpark.session(), Source.table("night").keep("stars").source(), CLASSES);
  }

  private static Dataset<Row> plan(String first, String second) {
    LocalSpark.session()
        .sql(
            "select * from values (%s, 'Good.'), (%s, 'Bad.') as t(id, text)"
                .formatted(first, second))
        .createOrReplaceTempView("night");
    Texts texts = Texts.read(LocalSpark.session(), Source.table("night").source(), CLASSES);
    return NightRows.plan(NightRows.input(texts), Optional.empty());
  }
}
