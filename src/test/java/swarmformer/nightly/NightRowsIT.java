package swarmformer.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.LocalSpark;
import swarmformer.data.Source;
import swarmformer.data.Texts;

class NightRowsIT {
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

  private static Dataset<Row> plan(String first, String second) {
    LocalSpark.session()
        .sql(
            "select * from values (%s, 'Good.'), (%s, 'Bad.') as t(id, text)"
                .formatted(first, second))
        .createOrReplaceTempView("night");
    Texts texts =
        Texts.read(
            LocalSpark.session(), Source.table("night").source(), List.of("negative", "positive"));
    return NightRows.plan(NightRows.input(texts), Optional.empty());
  }
}
