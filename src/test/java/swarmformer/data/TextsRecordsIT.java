package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsRecordsIT {
  private static final byte[] NOT_UTF_8 =
      "text\nna\u00efve\n".getBytes(StandardCharsets.ISO_8859_1);

  @TempDir private Path folder;

  @Test
  void readsQuotesAndLineBreaksInCsv() {
    assertThat(csv("id,text\n1,\"He said \"\"no\"\", twice.\"\n2,\"One\nTwo\n\nThree\"\n").texts())
        .containsExactly("He said \"no\", twice.", "One\nTwo\n\nThree");
  }

  @Test
  void readsWindowsLineEndsInCsv() {
    Source source = csv("id,text\r\n1,Good.\r\n2,\"One\r\nTwo\"\r\n");
    assertThat(source.texts()).hasSize(2).first().isEqualTo("Good.");
    assertThat(source.column("id")).containsExactly("1", "2");
  }

  /** Large, so that its lines are looked at; each has an even number of quotes. */
  @Test
  void readsLineBreaksBetweenQuotesThatBackslashesEscape() {
    String plain = ("0," + "very ".repeat(200) + "\n").repeat(17_000);
    String escaped = "1,\"He said \\\"hi\nthere\\\" and left\"\n";
    assertThat(csv("id,text\n" + plain + escaped).texts())
        .hasSize(17_001)
        .last()
        .isEqualTo("He said \"hi\nthere\" and left");
  }

  /** Large, so that Spark reads each line by itself unless a record may be lost by that. */
  @Test
  void readsTheSameRowsWhateverTheSize() {
    String returns =
        "1,a\rb\n2,a\r\n3,\"a\"\r\n4,\"\"\r\n5,\"a\"\"b\" \r\n6,\r\n7\r\n8,a,b\r\n\r\n";
    for (String last : List.of(returns, " ", "\t")) {
      String line = "0," + "very ".repeat(200) + "\n";
      List<Row> ofSmall = csv("id,text\n" + line + last + "\n").rows();
      List<Row> ofLarge = csv("id,text\n" + line.repeat(17_000) + last + "\n").rows();
      assertThat(ofLarge).hasSize(16_999 + ofSmall.size()).endsWith(ofSmall.toArray(Row[]::new));
    }
  }

  @Test
  void readsBackslashesAsTheyAre() {
    assertThat(csv("id,text\n1,\"C:\\new\\\"\n2,a\\b\n").texts())
        .containsExactly("C:\\new\\", "a\\b");
  }

  @Test
  void findsTheFirstColumnBehindAByteOrderMark() {
    assertThat(csv("\uFEFFtext,id\nGood.,1\n").texts()).containsExactly("Good.");
    assertThat(csv("\uFEFF\"text\",\"id\"\r\n\"Good.\",1\r\n").texts()).containsExactly("Good.");
  }

  @Test
  void readsJsonLinesBehindAByteOrderMark() {
    Source source = json("\uFEFF{\"text\":\"Good.\"}\n{\"text\":\"Bad.\"}\n");
    assertThat(source.texts()).containsExactly("Good.", "Bad.");
  }

  @Test
  void marksCsvRecordsWithTooFewOrTooManyColumns() {
    Source source = csv("id,text,label\n1,Good.,1\n2,short\n3,too,1,many\n4,Bad.,0\n");
    assertThat(source.column(Texts.MALFORMED)).containsExactly(false, true, true, false);
    assertThat(source.column("id")).containsExactly("1", "2", "3", "4");
    assertThat(source.read().counts().rows()).isEqualTo(4);
  }

  /** As in large files, of which Spark parses only the columns in use unless it is told not to. */
  @Test
  void marksThemWhereRecordsAreLinesAndAColumnIsNotRead() {
    Source source =
        csv("id,text,date,product\n1,Good.,d,p\n2,Not good, I'd say bad,d,p\n3,Bad.,d\n")
            .option("multiLine", "false");
    assertThat(source.column(Texts.MALFORMED)).containsExactly(false, true, true);
    assertThat(source.read().counts().rows()).isEqualTo(3);
  }

  @Test
  void marksJsonLinesThatAreBroken() {
    Source source = json("{\"id\":1,\"text\":\"Good.\"}\n{\"id\":2,\"te\nno json\n[1]\n");
    assertThat(source.column(Texts.MALFORMED)).containsExactly(false, true, true, true);
    assertThat(source.read().counts().rows()).isEqualTo(4);
  }

  @Test
  void countsAsManyRowsAsItReadsWhereLinesAreBlank() {
    for (Source source :
        List.of(
            csv("id,text\n\n1,Good.\n\n\n2,Bad.\n\n"),
            json("\n{\"text\":\"Good.\"}\n\n  \n{\"text\":\"Bad.\"}\n\n"))) {
      assertThat(source.texts()).containsExactly("Good.", "Bad.");
      assertThat(source.read().counts().rows()).isEqualTo(2);
    }
  }

  @Test
  void refusesAQuoteThatIsNeverClosed() {
    String content = "id,text\n1,Good.\n2,\"never closed\n3,Bad.\n";
    Path packed = TestFiles.gzip(folder, "packed.csv.gz", content);
    for (Source source : List.of(csv(content), Source.of(packed))) {
      assertThat(source.refusal())
          .isEqualTo(
              "Cannot read file:%s: the quote that opens in line 3 is never closed, and the lines behind it would become one text. Close it; if no text has a line break, set --option multiLine=false, and if no value is quoted, --option quote=."
                  .formatted(source.source().name()));
      assertThat(source.option("multiLine", "false").texts())
          .containsExactly("Good.", "never closed", "Bad.");
    }
  }

  @Test
  void refusesAQuoteThatIsNeverClosedInOneOfManyFiles() {
    for (int i = 0; i < 20; i++) {
      TestFiles.text(folder, "in/%d.csv".formatted(i), "id,text\n1,\"Two\nlines\"\n");
    }
    assertThat(Source.of(folder.resolve("in")).texts()).hasSize(20);
    Path last = TestFiles.text(folder, "in/last.csv", "id,text\n\n1,\"Two\nlines\n");
    assertThat(Source.of(folder.resolve("in")).refusal())
        .startsWith(
            "Cannot read file:%s: the quote that opens in line 3 is never closed".formatted(last));
  }

  @Test
  void refusesMoreColumnsThanSparkReads() {
    Source source = csv("text,x\nGood." + ",1".repeat(30_000) + "\n");
    assertThat(source.refusal())
        .endsWith(
            ": a record has more columns than maxColumns, 20480 if it is not set. Check --option sep, or set --option maxColumns=1000000.");
    assertThat(source.option("maxColumns", "40000").column(Texts.MALFORMED)).containsExactly(true);
  }

  @Test
  void readsAnArrayOfJsonObjects() {
    Path file =
        TestFiles.text(folder, "a.json", "[\n {\"text\": \"Good.\"},\n {\"text\":\"Bad.\"}]");
    assertThat(Source.of(file).option("multiLine", "true").texts())
        .containsExactly("Good.", "Bad.");
  }

  @Test
  void readsBytesThatAreNotUtf8AsReplacementCharacters() {
    assertThat(Source.of(TestFiles.bytes(folder, "a.csv", NOT_UTF_8)).texts())
        .containsExactly("na\uFFFDve");
    assertThat(Source.of(TestFiles.bytes(folder, "a.txt", NOT_UTF_8)).texts())
        .containsExactly("text", "na\uFFFDve");
    assertThat(TextsColumnsIT.view("select cast(x'6eff6f' as string) as text").texts())
        .containsExactly("n\uFFFDo");
  }

  @Test
  void readsTheEncodingThatIsNamed() {
    for (String name : List.of("ISO-8859-1", "UTF-16LE", "windows-1252")) {
      byte[] content = "text\nna\u00efve\n".getBytes(Charset.forName(name));
      Path file = TestFiles.bytes(folder, "a.csv", content);
      assertThat(Source.of(file).option("encoding", name).texts()).containsExactly("na\u00efve");
    }
    Path text = TestFiles.bytes(folder, "a.txt", NOT_UTF_8);
    assertThat(Source.of(text).option("encoding", "ISO-8859-1").texts())
        .containsExactly("text", "na\u00efve");
  }

  @ParameterizedTest
  @CsvSource({
    "windows-1252,text", "windows-1252,json", "windows-1252,documents",
    "UTF-8,text", "UTF-8,json", "UTF-8,documents"
  })
  void readsBytesThatTheNamedEncodingLacksAsReplacementCharacters(String encoding, String format) {
    byte[] content = "{\"text\":\"na\u0081ve\"}".getBytes(StandardCharsets.ISO_8859_1);
    Path file = TestFiles.bytes(folder, "a.txt", content);
    assertThat(Source.of(file).format(format).option("encoding", encoding).texts())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("na\uFFFDve");
  }

  @Test
  void readsNullsAndEmptyTexts() {
    assertThat(csv("id,text\n1,\n2,\"\"\n3,  \n").texts()).hasSize(3).last().isEqualTo("  ");
    assertThat(json("{\"text\":\"\"}\n{\"text\":null}\n{\"id\":3}\n").texts())
        .containsExactly("", null, null);
  }

  private Source csv(String content) {
    return Source.of(TestFiles.text(folder, "given.csv", content));
  }

  private Source json(String content) {
    return Source.of(TestFiles.text(folder, "given.jsonl", content));
  }
}
