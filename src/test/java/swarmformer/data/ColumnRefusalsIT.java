package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static swarmformer.data.TextsColumnsIT.view;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;

class ColumnRefusalsIT {
  @TempDir private Path folder;

  @Test
  void listsTheColumnsWhereOneIsAbsent() {
    assertThat(view("select 1 as id, 'Good.' as review").refusal())
        .isEqualTo(
            "Cannot read given: no column 'text'. Columns found: id, review. Set --text-col.");
    String query = "select 1 as id, 'Good.' as text";
    String refusal = "Cannot read given: no column 'x'. Columns found: id, text. Set %s.";
    assertThat(view(query).keep("id", "x").refusal()).isEqualTo(refusal.formatted("--keep"));
    assertThat(view(query).labelColumn("x").refusal()).isEqualTo(refusal.formatted("--label-col"));
    assertThat(view(query).idColumn("x").refusal()).isEqualTo(refusal.formatted("--id-col"));
    assertThat(view(query).idsColumn("x").refusal()).isEqualTo(refusal.formatted("--ids-col"));
  }

  @Test
  void leavesItsOwnColumnOutOfTheList() {
    Path file = TestFiles.text(folder, "a.csv", "id,Text\n1,Good.\n");
    assertThat(Source.of(file).refusal())
        .endsWith(
            "no column 'text'. Columns found: id, Text. Did you mean 'Text'? Set --text-col.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"1|INT", "array('a')|ARRAY<STRING>", "x'00'|BINARY", "true|BOOLEAN"})
  void refusesTextsThatAreNoStrings(String value, String type) {
    assertThat(view("select %s as text".formatted(value)).refusal())
        .isEqualTo(
            "Cannot read texts from given: column 'text' is %s, not STRING. Set --text-col."
                .formatted(type));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "date'2026-01-02'|DATE",
        "array(1)|ARRAY<INT>",
        "struct(1 as a)|STRUCT<a: INT NOT NULL>"
      })
  void refusesLabelsOfOtherTypes(String value, String type) {
    assertThat(view("select 'Good.' as text, %s as label".formatted(value)).refusal())
        .isEqualTo(
            "Cannot read labels from given: column 'label' is %s, not a number, BOOLEAN or STRING. Set --label-col."
                .formatted(type));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|INT",
        "array(1D)|ARRAY<DOUBLE>",
        "string(1)|STRING",
        "array(array(1))|ARRAY<ARRAY<INT>>"
      })
  void refusesTokenIdsOfOtherTypes(String value, String type) {
    assertThat(view("select %s as tokens".formatted(value)).idsColumn("tokens").refusal())
        .isEqualTo(
            "Cannot read token ids from given: column 'tokens' is %s, not ARRAY<INT> or ARRAY<BIGINT>. Set --ids-col."
                .formatted(type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"prediction", "Prediction", "ERROR", "ids", "tokens", "batch", "run", "_content"})
  void refusesToKeepAColumnOfTheName(String name) {
    assertThat(view("select 'Good.' as text, 1 as `%s`".formatted(name)).keep(name).refusal())
        .isEqualTo(
            "Cannot keep column '%s' of given: predictions have a column of that name. Rename it or leave it out of --keep."
                .formatted(name));
  }

  @Test
  void refusesToKeepAnIdBesideTheIds() {
    Source source = view("select 'Good.' as text, 1 as id, 2 as key").idColumn("key");
    assertThat(source.keep("all").refusal()).startsWith("Cannot keep column 'id' of given:");
  }

  @Test
  void refusesNamesThatDifferInCaseOnly() {
    LocalSpark.session().conf().set("spark.sql.caseSensitive", "true");
    Path file;
    try {
      file = TestFiles.written(folder, "parquet", "select 'a' as text, 'b' as Text");
    } finally {
      LocalSpark.session().conf().set("spark.sql.caseSensitive", "false");
    }
    assertThat(Source.of(file).refusal())
        .contains("its columns 'text' and 'Text' differ in case only");
  }

  @Test
  void numbersCsvColumnsOfTheSameName() {
    Path file = TestFiles.text(folder, "a.csv", "text,text\nGood.,Bad.\n");
    assertThat(Source.of(file).refusal())
        .endsWith("no column 'text'. Columns found: text0, text1. Set --text-col.");
  }
}
