package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;

class InputSizeIT {
  private static final int ROWS = 20_000;

  @TempDir private Path folder;

  @Test
  void countsRowsOfFooters() {
    String parquet = folder.resolve("texts").toString();
    LocalSpark.session()
        .range(ROWS)
        .selectExpr("id", "concat('A film. ', id) AS text")
        .repartition(3)
        .write()
        .parquet(parquet);
    InputSize size = InputSize.of(Source.of(Path.of(parquet)).read());
    assertThat(size.rows()).isEqualTo(ROWS);
    assertThat(size.exact()).isTrue();
    assertThat(size.filledPartitions()).isBetween(1, 3);
    assertThat(size.largestPartition()).isBetween(ROWS / 3L, (long) ROWS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"texts.csv", "texts.csv.gz", "texts.jsonl", "texts.txt"})
  void estimatesRowsOfOtherFiles(String name) throws IOException {
    InputSize size = InputSize.of(Source.of(write(name, ROWS)).read());
    assertThat(size.rows()).isBetween(ROWS / 6L, 3L * ROWS);
    assertThat(size.exact()).isFalse();
    assertThat(size.bytes() > 0).isEqualTo(!name.endsWith("gz"));
  }

  @Test
  void countsFewRows() throws IOException {
    assertThat(InputSize.of(Source.of(write("few.csv", 999)).read()))
        .isEqualTo(InputSize.ofRows(999));
    assertThat(InputSize.of(Source.of(write("none.csv", 0)).read())).isEqualTo(InputSize.ofRows(0));
  }

  @Test
  void estimatesRowsOfAQuery() {
    Source source =
        TextsColumnsIT.view(
            "select id, concat('A film. ', id) as text from range(%d)".formatted(ROWS));
    InputSize size = InputSize.of(source.read());
    assertThat(size.rows()).isBetween(1_000L, 10L * ROWS);
    assertThat(size.bytes()).isZero();
  }

  /** Spark cuts a file in pieces only if no record has several lines. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void largeCsvIsReadInPiecesUnlessARecordHasSeveralLines(boolean severalLines) throws IOException {
    Path csv = folder.resolve("large.csv");
    String film = "\"A film, \"\"so\"\" to say. " + "Very long. ".repeat(2_000) + "\"\n";
    StringBuilder text = new StringBuilder("id,text\n");
    for (int row = 0; row < 900; row++) {
      text.append(row).append(',').append(film);
    }
    Files.writeString(csv, text + (severalLines ? "last,\"A\nfilm.\"\n" : "last,A film.\n"));
    Texts texts = Source.of(csv).read();
    assertThat(texts.counts().rows()).isEqualTo(901);
    assertThat(Source.of(csv).column(Texts.MALFORMED)).containsOnly(false);
    assertThat(texts.rows().rdd().getNumPartitions() > 1).isEqualTo(!severalLines);
  }

  private Path write(String name, int rows) throws IOException {
    Path file = folder.resolve(name);
    StringBuilder text = new StringBuilder(name.contains("csv") ? "id,text\n" : "");
    for (int row = 0; row < rows; row++) {
      String film = "A film number " + row + " that is neither good nor bad.";
      text.append(
          name.contains("csv")
              ? row + "," + film
              : name.contains("json") ? "{\"id\":%d,\"text\":\"%s\"}".formatted(row, film) : film);
      text.append('\n');
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    try (OutputStream out =
        name.endsWith("gz")
            ? new GZIPOutputStream(Files.newOutputStream(file))
            : Files.newOutputStream(file)) {
      out.write(bytes);
    }
    return file;
  }
}
