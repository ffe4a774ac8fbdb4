package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;

/** Files as spreadsheets, pandas, DuckDB and others write them. */
class WrittenByProgramsIT {
  private static final byte[] UUID_BYTES = new byte[16];

  static {
    for (int i = 0; i < UUID_BYTES.length; i++) {
      UUID_BYTES[i] = (byte) (i * 17);
    }
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",text,label\n0,Good.,1\n1,Bad.,0\n", // DataFrame.to_csv
        "id,text,label,\n0,Good.,1,\n1,Bad.,0,\n", // a comma behind each line
        "rating,text,rating\n5,Good.,4\n1,Bad.,2\n",
        "a,A,text\n5,Good.,Good.\n1,Bad.,Bad.\n",
        "\"\",\"text\"\n\"0\",\"Good.\"\n\"1\",\"Bad.\"\n",
        "\n\n,text\n0,Good.\n1,Bad.\n",
      })
  void readsCsvWithNamelessAndRepeatedColumns(String content) {
    Path file = TestFiles.text(folder, "a.csv", content);
    assertThat(Source.of(file).texts()).containsExactly("Good.", "Bad.");
    Path other = TestFiles.text(folder, "b.csv", content);
    assertThat(Source.of(file, other).texts()).hasSize(4);
  }

  @Test
  void comparesHeadersOfOddNames() {
    Path first = TestFiles.text(folder, "1.csv", ",text\n0,Good.\n");
    Path same = TestFiles.text(folder, "2.csv", "\uFEFF,\"Text\"\r\n1,Bad.\r\n");
    Path other = TestFiles.text(folder, "3.csv", "text,\nBad.,1\n");
    assertThat(Source.of(first, same).texts()).containsExactlyInAnyOrder("Good.", "Bad.");
    assertThat(Source.of(first, other).refusal())
        .isEqualTo(
            "Cannot read file:%s and file:%s together: CSV files have different columns (_c0, text, and text, _c1). Run once for each kind."
                .formatted(first, other));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id,text,label\r\n1,Good.,pos\n2,Bad.,neg\r\n3,\"In\ntwo\",pos\r\n",
        "id,text,label\n1,Good.,pos\r\n2,Bad.,neg\r\n3,\"In\ntwo\",pos",
        "id,text,label\r\r\n1,Good.,pos\r\r\n2,Bad.,neg\r\r\n3,\"In\ntwo\",pos\r\r\n",
        "\"id\",\"text\",\"label\"\r\n\"1\",\"Good.\",\"pos\"\n\r\n2,\"Bad.\",\"neg\"\r\n\n3,\"In\ntwo\",\"pos\"",
      })
  void readsLinesThatEndDifferently(String content) {
    Source source = Source.of(TestFiles.text(folder, "a.csv", content));
    assertThat(source.column("id")).containsExactly("1", "2", "3");
    assertThat(source.column("label")).containsExactly(1, 0, 1);
    assertThat(source.texts()).containsExactly("Good.", "Bad.", "In\ntwo");
    assertThat(source.read().counts().labelled()).isEqualTo(3);
  }

  @Test
  void takesNoReturnForAnIdOrAText() {
    Path ids = TestFiles.text(folder, "a.csv", "text,id\nGood.,a1\r\nBad.,\r\n\r\n");
    assertThat(Source.of(ids).column("id")).containsExactly("a1", null);
    Path texts = TestFiles.text(folder, "b.csv", "text\nGood.\r\n\r\nBad.\r\n");
    assertThat(Source.of(texts).texts()).containsExactly("Good.", "Bad.");
    assertThat(Source.of(texts).read().counts().rows()).isEqualTo(2);
    Path old = TestFiles.text(folder, "c.csv", "id,text\r1,Good.\r2,Bad.\r");
    assertThat(Source.of(old).texts()).containsExactly("Good.", "Bad.");
  }

  @Test
  void readsDirectoriesOfTabSeparatedFiles() {
    TestFiles.text(folder, "in/a.tsv", "id\ttext\n1\tGood, very.\n");
    TestFiles.gzip(folder, "in/b.tsv.gz", "id\ttext\n2\tBad.\n");
    assertThat(Source.of(folder.resolve("in")).texts())
        .containsExactlyInAnyOrder("Good, very.", "Bad.");
  }

  /** As of programs that leave the columns of partitions in the files. */
  @Test
  void readsColumnsOfPartitionsThatFilesHaveToo() {
    TestFiles.text(folder, "in/day=01/a.csv", "day,id,text\n1,a,Good.\n");
    TestFiles.text(folder, "in/day=02/a.csv", "day,id,text\n2,b,\"Bad,\nvery.\"\n");
    Source source = Source.of(folder.resolve("in")).keep("day");
    assertThat(source.texts()).containsExactlyInAnyOrder("Good.", "Bad,\nvery.");
    assertThat(source.column("day")).containsExactlyInAnyOrder("01", "02");
    assertThat(source.column(Texts.MALFORMED)).containsExactly(false, false);
    assertThat(source.keep("all").read().rows().columns()).startsWith("id", "text", "day");
  }

  /** Programs write dates as times, and once this way and once that. */
  @ParameterizedTest
  @CsvSource({"parquet, timestamp(\"2026-11-02\") as day", "orc, date(\"2026-11-02\") as Day"})
  void readsColumnsOfPartitionsByTheirDirectoriesAlone(String format, String second) {
    for (String day : List.of("date'2026-11-01' as Day", second)) {
      LocalSpark.session()
          .sql("select 'a' as id, 'Good.' as text, %s".formatted(day))
          .write()
          .format(format)
          .save(folder.resolve("in/day=" + day.replaceAll(".*(2026-11-0.).*", "$1")).toString());
    }
    Source source = Source.of(folder.resolve("in")).keep("day");
    assertThat(source.column("day")).containsExactlyInAnyOrder("2026-11-01", "2026-11-02");
  }

  /** Some programs say of a list that none of its values is null. */
  @Test
  void unitesListsThatMayHoldNullsWithThoseThatMayNot() {
    for (String list : List.of("array(0.5D, 0.5D)", "array(0.25D, null)")) {
      LocalSpark.session()
          .sql("select 'Good.' as text, %s as p".formatted(list))
          .write()
          .mode("append")
          .parquet(folder.resolve("in").toString());
    }
    assertThat(Source.of(folder.resolve("in")).keep("p").column("p")).hasSize(2);
  }

  @Test
  void infersTypesOfFilesThatHaveColumnsOfPartitions() {
    TestFiles.text(folder, "in/day=01/a.csv", "id,day,text\n1,1,Good.\n");
    Source source = Source.of(folder.resolve("in")).option("inferSchema", "true").keep("day");
    assertThat(source.column(Texts.MALFORMED)).containsExactly(false);
    assertThat(source.column("id")).containsExactly(1);
    assertThat(source.column("day")).containsExactly("01");
  }

  @ParameterizedTest
  @CsvSource({"';',;", "'\t',\\t", "|,|"})
  void tellsHowColumnsAreSeparated(String separator, String shown) {
    Path file = TestFiles.text(folder, "a.csv", "id,text\n1,Good.\n".replace(",", separator));
    assertThat(Source.of(file).refusal())
        .endsWith(
            "If that separates its columns, set --option 'sep=%s'. Set --text-col."
                .formatted(shown));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int64 odd (TIMESTAMP(NANOS,true))|2026-11-01T10:00:00.000001Z",
        "int64 odd (TIMESTAMP(NANOS,false))|2026-11-01T10:00:00.000001",
        "fixed_len_byte_array(16) odd (UUID)|00112233-4455-6677-8899-aabbccddeeff",
      })
  void keepsTypesOfParquetThatSparkLacks(String type, String value) {
    Source source = Source.of(parquet("a.parquet", type, 1_000)).keep("odd");
    assertThat(source.texts()).containsExactly("Good.", "Bad.");
    Object kept = source.column("odd").get(0);
    Object text = kept instanceof Timestamp time ? time.toInstant() : kept;
    assertThat(text)
        .isEqualTo(
            switch (kept.getClass().getSimpleName()) {
              case "Timestamp" -> Instant.parse(value);
              case "LocalDateTime" -> LocalDateTime.parse(value);
              default -> value;
            });
    assertThat(source.column("odd").get(1)).isNull();
  }

  @Test
  void keepsPointsInTimeWhereTheTimestampsOfTheSessionHaveNoZone() {
    Source source =
        Source.of(parquet("a.parquet", "int64 odd (TIMESTAMP(NANOS,true))", 1_000)).keep("odd");
    LocalSpark.session().conf().set("spark.sql.timestampType", "TIMESTAMP_NTZ");
    try {
      assertThat(source.column("odd").get(0)).isInstanceOf(Timestamp.class);
    } finally {
      LocalSpark.session().conf().unset("spark.sql.timestampType");
    }
  }

  @Test
  void refusesTimesThatAreTooFine() {
    Source source = Source.of(parquet("a.parquet", "int64 odd (TIMESTAMP(NANOS,true))", 1_001));
    assertThat(source.texts()).hasSize(2);
    assertThat(source.keep("odd").refusal())
        .endsWith(
            "column 'odd' has times finer than a microsecond, which Spark cannot hold. Round them, or leave it out.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int64 odd (TIME(MICROS,true))",
        "int64 odd (TIME(NANOS,false))",
        "fixed_len_byte_array(2) odd (FLOAT16)",
      })
  void readsBesideColumnsThatNobodyAsksFor(String type) {
    Path file = parquet("a.parquet", type, 1_000);
    assertThat(Source.of(file).texts()).containsExactly("Good.", "Bad.");
    assertThat(Source.of(file).keep("odd").refusal())
        .startsWith(
            "Cannot read column 'odd' of %s: Spark does not read its type (".formatted(file))
        .endsWith("). Leave the column out, or write it with another type.");
    assertThat(Source.of(file).keep("all").refusal()).startsWith("Cannot read column 'odd'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void readsColumnsThatOnlyLaterFilesHave(String format) {
    written(format, "1", "select 1 as id, 'Good.' as text");
    written(format, "2", "select 2 as id, 'Bad.' as text, 0 as label, named_struct('a', 1) as s");
    Source source = Source.of(folder.resolve("in")).keep("s");
    assertThat(source.column("label")).containsExactlyInAnyOrder(null, 0);
    assertThat(source.read().counts().labelled()).isEqualTo(1);
  }

  @Test
  void readsNumbersAsTheWiderOfTheirTypes() {
    written("parquet", "1", "select 1 as id, 'Good.' as text, 1.5f as score");
    written("parquet", "2", "select 5000000000 as id, 'Bad.' as text, 1e300d as score");
    Source source = Source.of(folder.resolve("in")).keep("score");
    assertThat(source.column("id")).containsExactlyInAnyOrder(1L, 5_000_000_000L);
    assertThat(source.column("score")).containsExactlyInAnyOrder(1.5, 1e300);
  }

  @Test
  void refusesColumnsOfTwoTypesIfTheyAreAskedFor() {
    Path first = written("parquet", "1", "select 1L as id, 'Good.' as text, 1 as x");
    Path second = written("parquet", "2", "select 2L as id, 'Bad.' as text, 'a' as x");
    assertThat(Source.of(folder.resolve("in")).texts()).hasSize(2);
    assertThat(Source.of(folder.resolve("in")).keep("x").refusal())
        .isEqualTo(
            "Cannot read column 'x' of %s: it is INT in file:%s and STRING in file:%s. Leave the column out, or write it with another type."
                .formatted(folder.resolve("in"), first, second));
  }

  @Test
  void readsDocumentsWithTheirNames() {
    TestFiles.text(folder, "in/a b+c/ü%20.md", "Good,\nin two lines.");
    TestFiles.text(folder, "in/empty.txt", "");
    TestFiles.gzip(folder, "in/c.txt.gz", "Bad.");
    Source source = Source.of(folder.resolve("in")).format("documents");
    assertThat(source.column("id"))
        .containsExactlyInAnyOrder("a b+c/ü%20.md", "empty.txt", "c.txt.gz");
    assertThat(source.texts()).containsExactlyInAnyOrder("Good,\nin two lines.", "", "Bad.");
    assertThat(Source.of(folder + "/in/*.txt").format("documents").column("id"))
        .containsExactly("empty.txt");
  }

  @Test
  void readsLinesOfEightBitEncodings() {
    byte[] content =
        "{\"id\":1,\"text\":\"na\u00efve\"}\n{\"id\":2,\"text\":\"\u00e9\"}"
            .getBytes(StandardCharsets.ISO_8859_1);
    Path file = TestFiles.bytes(folder, "a.jsonl", content);
    assertThat(Source.of(file).option("encoding", "ISO-8859-1").texts())
        .containsExactly("na\u00efve", "\u00e9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"quote=ab", "multiLine=maybe", "lineSep=", "encoding=klingon", "header=2"})
  void refusesValuesOfOptionsInOneLine(String option) {
    Path file = TestFiles.text(folder, "a.csv", "id,text\n1,Good.\n");
    String[] parts = option.split("=", -1);
    assertThat(Source.of(file).option(parts[0], parts[1]).refusal())
        .startsWith("Cannot read " + file + ": ")
        .endsWith(". Check --option.");
  }

  private Path written(String format, String name, String sql) {
    Path file = TestFiles.written(folder.resolve(name), format, sql);
    return TestFiles.bytes(folder, "in/%s.%s".formatted(name, format), TestFiles.read(file));
  }

  /** Two rows with id and text, and a column of a type, null in the second. */
  private Path parquet(String name, String type, long nanos) {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int64 id; required binary text (STRING); optional %s; }"
                .formatted(type));
    Path file = folder.resolve(name);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .withConf(new Configuration())
            .build()) {
      for (String text : List.of("Good.", "Bad.")) {
        Group row = new SimpleGroupFactory(schema).newGroup();
        row.add("id", (long) text.length());
        row.add("text", text);
        if (text.equals("Good.")) {
          addOdd(row, type, nanos);
        }
        writer.write(row);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addOdd(Group row, String type, long nanos) {
    if (type.startsWith("int64")) {
      row.add(
          "odd", Instant.parse("2026-11-01T10:00:00Z").getEpochSecond() * 1_000_000_000 + nanos);
    } else {
      int length = type.contains("(16)") ? 16 : 2;
      row.add("odd", Binary.fromConstantByteBuffer(ByteBuffer.wrap(UUID_BYTES, 0, length)));
    }
  }
}
