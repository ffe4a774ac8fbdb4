package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;

/** The whole job. It stops the Spark of this JVM; {@link LocalSpark} opens another one. */
class ScoreIT {
  private static final String REVIEWS =
      """
      id,text,label,date,"a note"
      r1,"A wonderful film, I loved it.",positive,2026-01-01,x
      r2,,negative,2026-01-02,x
      r3,"Dreadful.
      A waste of time.",neg,2026-01-03,x
      r4,short
      r5,"   ",great,2026-01-05,x
      """;

  @TempDir private Path folder;

  @Test
  void scoresRowsThatAreGoodAndKeepsThoseThatAreBad() throws IOException {
    Path input = Files.writeString(folder.resolve("in.csv"), REVIEWS);
    Ran ran = score(input, "--run-id", "a", "--keep", "a note,date", "--emit-ids");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out())
        .contains("Scored 2 of 5 texts", "1 malformed record, 1 no tokens, 1 null text")
        .contains("Warning: unrecognised labels, null in the predictions and not evaluated: 1.");
    Map<String, Row> rows = predictions("a");
    assertThat(rows.get("r1").schema().toDDL())
        .isEqualTo(
            "id STRING,`a note` STRING,date STRING,label INT,prediction INT,sentiment STRING,"
                + "probabilities ARRAY<FLOAT>,logits ARRAY<FLOAT>,tokens INT,truncated BOOLEAN,"
                + "error STRING,ids ARRAY<INT>");
    assertThat(described(rows))
        .containsExactly(
            "r1 x 2026-01-01 1 1 positive 10 false null",
            "r2 x 2026-01-02 0 null null null null null text",
            "r3 x 2026-01-03 0 0 negative 9 false null",
            "r4 null null null null null null null malformed record",
            "r5 x 2026-01-05 null null null null null no tokens");
    Ran fromIds = score(folder.resolve("out/run=a/predictions"), "--run-id=b", "--ids-col=ids");
    assertScoredTheSame(rows, fromIds, "b");
    Path json = folder.resolve("ids.json"); // whose numbers are 64 bits wide
    LocalSpark.session()
        .read()
        .parquet(folder.resolve("out/run=a/predictions").toString())
        .write()
        .option("ignoreNullFields", false)
        .json(json.toString());
    assertScoredTheSame(rows, score(json, "--run-id=d", "--ids-col=ids"), "d");
    Ran byReference = score(input, "--run-id=c", "--tokenizer=reference", "--emit-ids");
    assertScoredTheSame(rows, byReference, "c");
    assertThat(predictions("c").get("r3").<Object>getAs("ids"))
        .isEqualTo(rows.get("r3").getAs("ids"));
  }

  private void assertScoredTheSame(Map<String, Row> rows, Ran ran, String run) {
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.DONE);
    Map<String, Row> again = predictions(run);
    assertThat(again).hasSameSizeAs(rows);
    rows.forEach(
        (id, row) -> {
          assertThat(again.get(id).<Object>getAs("logits")).isEqualTo(row.getAs("logits"));
          assertThat(again.get(id).<Object>getAs("label")).isEqualTo(row.getAs("label"));
        });
  }

  @Test
  void readsTheEncodingOfSpreadsheets() throws IOException {
    Path input = folder.resolve("in.csv");
    Files.write(
        input, "id,text\r\nr1,It\u2019s fine.\r\n".getBytes(Charset.forName("windows-1252")));
    Ran ran = score(input, "--run-id", "a", "--keep=text", "--option", "encoding=windows-1252");
    assertThat(ran.err()).isEmpty();
    assertThat(predictions("a").get("r1").<String>getAs("text")).isEqualTo("It\u2019s fine.");
  }

  private Ran score(Path input, String... more) {
    List<Object> arguments =
        new java.util.ArrayList<>(List.of("--input", input, "--output", folder.resolve("out")));
    arguments.addAll(List.of(more));
    return Ran.locally(new Score(), arguments.toArray());
  }

  private Map<String, Row> predictions(String run) {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve("out/run=" + run + "/predictions").toString())
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(row -> row.getAs("id"), Function.identity()));
  }

  private static List<String> described(Map<String, Row> rows) {
    List<String> names =
        List.of(
            "id",
            "a note",
            "date",
            "label",
            "prediction",
            "sentiment",
            "tokens",
            "truncated",
            "error");
    return rows.values().stream()
        .map(
            row ->
                names.stream()
                    .map(name -> String.valueOf(row.<Object>getAs(name)))
                    .collect(Collectors.joining(" ")))
        .sorted()
        .toList();
  }
}
