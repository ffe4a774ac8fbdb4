package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;

class TextsFormatsIT {
  private static final String TWO_ROWS =
      "select * from values (1, 'Good.'), (2, 'Bad.') as t(id, text)";
  private static final String CSV = "id,text\n1,Good.\n2,Bad.\n";
  private static final String JSON =
      "{\"id\":1,\"text\":\"Good.\"}\n{\"id\":2,\"text\":\"Bad.\"}\n";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.jsonl", "a.ndjson", "A.JSONL"})
  void readsJsonLinesByName(String name) {
    assertReads(Source.of(TestFiles.text(folder, name, JSON)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv", "A.CSV", "two words.csv", "two.dots.csv"})
  void readsCsvByName(String name) {
    assertReads(Source.of(TestFiles.text(folder, name, CSV)));
  }

  @Test
  void readsTabSeparatedByName() {
    assertReads(Source.of(TestFiles.text(folder, "a.tsv", CSV.replace(',', '\t'))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void readsColumnFilesByName(String format) {
    assertReads(Source.of(TestFiles.written(folder, format, TWO_ROWS)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.text"})
  void readsALineOfTextAsARow(String name) {
    assertReads(Source.of(TestFiles.text(folder, name, "Good.\nBad.\n")));
  }

  @Test
  void readsGzipByTheNameInFront() {
    assertReads(Source.of(TestFiles.gzip(folder, "a.csv.gz", CSV)));
    assertReads(Source.of(TestFiles.gzip(folder, "a.tsv.gz", CSV.replace(',', '\t'))));
    assertReads(Source.of(TestFiles.gzip(folder, "a.jsonl.gz", JSON)));
    assertReads(Source.of(TestFiles.gzip(folder, "a.txt.gz", "Good.\nBad.\n")));
  }

  @ParameterizedTest
  @CsvSource({"csv", "CSV"})
  void readsTheFormatThatIsNamed(String format) {
    assertReads(Source.of(TestFiles.text(folder, "a.data", CSV)).format(format));
  }

  @Test
  void readsAFolderByTheNamesInIt() {
    TestFiles.text(folder, "in/_SUCCESS", "");
    TestFiles.text(folder, "in/.part.csv.crc", "");
    TestFiles.text(folder, "in/part.csv", CSV);
    assertReads(Source.of(folder.resolve("in")));
  }

  @Test
  void readsAGlobWithoutTheFilesThatSparkPassesOver() {
    TestFiles.text(folder, "in/_SUCCESS", "");
    TestFiles.text(folder, "in/part.csv", CSV);
    assertReads(Source.of(folder.resolve("in") + "/*"));
  }

  @Test
  void readsSeveralPaths() {
    Path first = TestFiles.text(folder, "1.csv", "id,text\n1,Good.\n");
    Path second = TestFiles.text(folder, "2.csv", "id,text\n2,Bad.\n");
    assertReads(Source.of(first, second));
    assertReads(Source.of(folder + "/?.csv"));
  }

  @Test
  void readsATableOfTheCatalog() {
    LocalSpark.session().sql(TWO_ROWS).createOrReplaceTempView("reviews");
    assertReads(Source.table("reviews"));
  }

  @Test
  void handsOptionsToTheReader() {
    Path file = TestFiles.text(folder, "a.csv", CSV.replace(',', ';'));
    assertReads(Source.of(file).option("sep", ";"));
    Path bare = TestFiles.text(folder, "b.csv", "1,Good.\n2,Bad.\n");
    assertReads(Source.of(bare).option("HEADER", "false").textColumn("_c1"));
  }

  private static void assertReads(Source source) {
    assertThat(source.texts()).containsExactlyInAnyOrder("Good.", "Bad.");
  }
}
