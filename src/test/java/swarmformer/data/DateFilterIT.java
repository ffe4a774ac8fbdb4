package swarmformer.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.RuntimeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;
import swarmformer.errors.InputException;

class DateFilterIT {
  private static final LocalDate NIGHT = LocalDate.of(2026, 11, 1);

  private static final String CSV = "id,text\n1,Good.\n2,Bad.\n";
  private static final String UNCLOSED = "id,text\n1,\"Good.\n2,Bad.\n";

  @TempDir private Path folder;

  @Test
  void takesAPointInTimeForTheDateOfItsZone() {
    Dataset<Row> times =
        rows(
            "timestamp",
            "timestamp'2026-11-01 00:30:00Z'",
            "timestamp'2026-11-01 23:30:00Z'",
            "timestamp'2026-10-31 23:30:00Z'");
    assertThat(picked(times, "UTC")).containsExactly(0, 1);
    assertThat(picked(times, "Europe/Berlin")).containsExactly(0, 2);
    assertThat(picked(times, "America/New_York")).containsExactly(1);
  }

  @Test
  void takesADateAsItStands() {
    Dataset<Row> dates = rows("date", "date'2026-11-01'", "date'2026-10-31'");
    assertThat(picked(dates, "America/New_York")).containsExactly(0);
    Dataset<Row> local = rows("timestamp_ntz", "timestamp_ntz'2026-11-01 00:30:00'");
    assertThat(picked(local, "America/New_York")).containsExactly(0);
  }

  @Test
  void readsTextWithAndWithoutAnOffset() {
    Dataset<Row> texts =
        rows(
            "string",
            "'2026-11-01'",
            "'2026-11-01T23:59:00'",
            "'2026-11-01 08:00'",
            "'2026-11-01T00:30:00Z'",
            "'2026-11-01T22:30:00-05:00'",
            "'2026-10-31T23:30:00+01:00'",
            "'1.11.2026'");
    assertThat(picked(texts, "UTC")).containsExactly(0, 1, 2, 3);
    assertThat(picked(texts, "America/New_York")).containsExactly(0, 1, 2, 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-01T23:30:00Z",
        "2026-11-01 23:30:00 UTC",
        "2026-11-01 23:30:00 GMT",
        "2026-11-01T23:30:00z",
        "2026-11-01 23:30:00+00:00",
        "2026-11-01 23:30:00.123456 UTC",
        "2026-11-01T23:30:00,5Z",
        " 2026-11-01 23:30 Z ",
        "2026-11-02 00:30:00 Europe/Berlin",
        "2026-11-01 18:30:00 America/New_York",
        "2026-11-01 18:30:00 -05:00",
        "2026-11-01T18:30:00 UTC-05:00",
      })
  void readsAPointInTimeWithTheNameOfAZone(String text) {
    Dataset<Row> texts = rows("string", "'%s'".formatted(text));
    assertThat(picked(texts, "UTC")).containsExactly(0);
    assertThat(picked(texts, "Asia/Tokyo")).isEmpty();
  }

  @Test
  void readsPointsInTimeWhereTheTimestampsOfTheSessionHaveNoZone() {
    RuntimeConfig conf = LocalSpark.session().conf();
    conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ");
    try {
      Dataset<Row> texts =
          rows("string", "'2026-10-31T23:30:00-05:00'", "'2026-11-01T23:30:00-05:00'");
      assertThat(picked(texts, "UTC")).containsExactly(0);
    } finally {
      conf.unset("spark.sql.timestampType");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-01 garbage",
        "2026-11",
        "2026",
        "2026-11-01 23:30:00 Middle/Earth",
        "2026-11-01T25:00:00Z",
        "2026-11-31",
        "20261131",
        "202611010",
        "2026-11-01T10:00:00 and more",
        "11/01/2026",
      })
  void takesNothingElseForADate(String text) {
    DateFilter filter = new DateFilter("d", ZoneId.of("UTC"), NIGHT);
    assertThat(filter.apply(rows("string", "'%s'".formatted(text))).count()).isZero();
    assertThat(filter.undated()).isEqualTo(1);
  }

  @Test
  void readsDatesOfEightDigits() {
    assertThat(picked(rows("int", "20261101", "20261102", "20261301", "1", "null"), "UTC"))
        .containsExactly(0);
    assertThat(picked(rows("bigint", "20261101"), "Asia/Tokyo")).containsExactly(0);
    assertThat(picked(rows("string", "'20261101'"), "Asia/Tokyo")).containsExactly(0);
  }

  @Test
  void readsDatesOfThreeColumns() {
    Dataset<Row> rows =
        LocalSpark.session()
            .sql(
                "select * from values (0, '2026', '11', '01'), (1, '2026', '1', '1'), (2, '2026', '11', null) as t(n, year, month, day)");
    DateFilter filter = new DateFilter("year,month,day", ZoneId.of("UTC"), NIGHT);
    assertThat(filter.apply(rows).select("n").as(Encoders.INT()).collectAsList())
        .containsExactly(0);
    assertThat(filter.undated()).isEqualTo(1);
    Dataset<Row> numbers = LocalSpark.session().sql("select 7 as n, 2026 as y, 11L as m, 1 as d");
    assertThat(new DateFilter("y,m,d", ZoneId.of("UTC"), NIGHT).apply(numbers).count())
        .isEqualTo(1);
  }

  @Test
  void countsRowsThatHaveNoDate() {
    DateFilter filter = new DateFilter("d", ZoneId.of("UTC"), NIGHT);
    assertThat(filter.apply(rows("string", "null", "'soon'", "'2026-11-01'")).count()).isEqualTo(1);
    assertThat(filter.undated()).isEqualTo(2);
  }

  /** Partitions of other dates are passed over, and lines are read in one pass. */
  @ParameterizedTest
  @CsvSource({"csv,d", "json,d", "csv,day"})
  void countsRowsOfFilesThatHaveNoDate(String format, String column) {
    Path input = folder.resolve("in");
    for (String day : List.of("2026-11-01", "2026-11-02", "someday")) {
      String row =
          format.equals("csv")
              ? "id,text,d\n1,Good.,%s\n2,Bad.,%1$s\n"
              : "{\"text\":\"Good.\",\"d\":\"%s\"}\n{\"text\":\"Bad.\",\"d\":\"%1$s\"}\n";
      TestFiles.text(input, "day=%s/a.%s".formatted(day, format), row.formatted(day));
    }
    DateFilter filter = new DateFilter(column, ZoneId.of("UTC"), NIGHT);
    Source source = Source.of(input);
    Texts texts =
        Texts.read(LocalSpark.session(), source.source(), List.of("a", "b"), Optional.of(filter));
    assertThat(texts.rows().count()).isEqualTo(2);
    assertThat(filter.undated()).isEqualTo(2);
  }

  /** A file of another date may be unfinished, and nothing of it is opened. */
  @ParameterizedTest
  @ValueSource(strings = {"a.parquet", "a.csv", "a.unknown", ".a.csv", "a.txt"})
  void opensNoFilesOfOtherDates(String damaged) {
    for (String day : List.of("2026-10-31", "2026-11-01", "__HIVE_DEFAULT_PARTITION__")) {
      TestFiles.text(folder, "in/day=%s/b.csv".formatted(day), CSV);
    }
    byte[] broken = damaged.equals("a.csv") ? UNCLOSED.getBytes(UTF_8) : TestFiles.noise(2_000);
    TestFiles.bytes(folder, "in/day=2026-11-02/" + damaged, broken);
    DateFilter filter = byDay();
    Texts texts = read(filter, "day");
    assertThat(texts.rows().select("id", "day").collectAsList())
        .containsExactlyInAnyOrder(
            RowFactory.create("1", "2026-11-01"), RowFactory.create("2", "2026-11-01"));
    assertThat(filter.undated()).isEqualTo(2);
    assertThat(texts.rows().inputFiles()).hasSize(2);

    TestFiles.bytes(folder, "in/day=2026-11-01/" + damaged, broken);
    assertThatThrownBy(() -> read(byDay())).isInstanceOf(InputException.class);
  }

  @Test
  void opensNoParquetFilesOfOtherDates() {
    for (String day : List.of("2026-10-31", "2026-11-01", "__HIVE_DEFAULT_PARTITION__")) {
      parquet("in/day=" + day);
    }
    TestFiles.bytes(folder, "in/day=2026-11-02/a.parquet", TestFiles.noise(2_000));
    DateFilter filter = byDay();
    assertThat(read(filter).rows().count()).isEqualTo(2);
    assertThat(filter.undated()).isEqualTo(2);

    TestFiles.bytes(folder, "in/day=__HIVE_DEFAULT_PARTITION__/b.parquet", new byte[0]);
    assertThatThrownBy(() -> read(byDay()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("__HIVE_DEFAULT_PARTITION__/b.parquet");
  }

  @Test
  void opensNoFilesOfOtherYearsMonthsAndDays() {
    TestFiles.text(folder, "in/year=2026/month=11/day=01/hour=7/a.csv", CSV);
    TestFiles.text(folder, "in/year=2026/month=11/day=1/hour=8/more/a.csv", CSV);
    TestFiles.text(folder, "in/year=2026/month=11/day=x/hour=8/a.csv", CSV);
    TestFiles.text(folder, "in/year=2026/month=11/day=02/a.csv", UNCLOSED);
    TestFiles.text(folder, "in/year=2025/month=11/day=01/a.csv", UNCLOSED);
    DateFilter filter = new DateFilter("year,month,day", ZoneId.of("UTC"), NIGHT);
    Texts texts = read(filter, "year", "hour");
    assertThat(texts.rows().select("year", "hour").distinct().collectAsList())
        .containsExactlyInAnyOrder(RowFactory.create("2026", "7"), RowFactory.create("2026", "8"));
    assertThat(texts.rows().count()).isEqualTo(4);
    assertThat(filter.undated()).isEqualTo(2);
  }

  @Test
  void opensNoFilesOfOtherDatesThatAGlobNames() {
    TestFiles.text(folder, "in/day=2026-11-01/a.csv", CSV);
    TestFiles.text(folder, "in/day=2026-11-02/a.csv", UNCLOSED);
    DateFilter filter = byDay();
    Source source =
        Source.of(folder.resolve("in/day=*")).option("basepath", folder.resolve("in").toString());
    assertThat(read(source, filter).rows().count()).isEqualTo(2);
  }

  /** The columns are those of the nearest date with data. */
  @ParameterizedTest
  @ValueSource(strings = {"_SUCCESS", "a.csv", "_temporary/0/a.csv"})
  void hasNoRowsOfADateWithoutData(String empty) {
    TestFiles.text(folder, "in/day=2026-10-30/a.csv", UNCLOSED);
    TestFiles.text(folder, "in/day=2026-10-31/a.csv", CSV);
    TestFiles.text(folder, "in/day=2026-11-02/a.csv", UNCLOSED);
    for (String day : List.of("2026-11-01", "2026-11-03")) {
      DateFilter filter = byDay();
      assertThat(read(filter).rows().count()).isZero();
      assertThat(filter.undated()).isZero();
      TestFiles.text(folder, "in/day=%s/%s".formatted(day, empty), "");
    }
  }

  /** As of a day without data, or one on which a writer left out what is null. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "csv.gz| ``|0|0",
        "csv| `LF`|0|0",
        "json| `[]`|0|0",
        "json| `LF`|0|0",
        "json.gz| ``|0|0",
        "json| `{\"id\":\"7\"}`|1|0",
        "json| `{\"id\":\"7\",\"text\":\"Bad`|1|1",
      })
  void takesTheColumnsOfTheNearestDateWhereTheDateHasBytesAlone(
      String ending, String content, int rows, int malformed) throws IOException {
    boolean json = ending.startsWith("json");
    String filled = json ? "{\"id\":\"1\",\"text\":\"Good.\"}" : CSV;
    write("in/day=2026-10-30/a." + ending, "?");
    write("in/day=2026-10-31/a." + ending, filled);
    write("in/day=2026-11-01/a." + ending, content.replace("LF", "\n"));
    Texts texts = read(byDay());
    assertThat(texts.rows().count()).isEqualTo(rows);
    assertThat(texts.rows().where(Texts.MALFORMED).count()).isEqualTo(malformed);
  }

  /** Which are arrays of texts, as far as Spark knows. */
  @Test
  void takesTheTypeOfTokenIdsOfTheNearestDateWhereTheDateHasNone() {
    TestFiles.text(folder, "in/day=2026-10-31/a.json", "{\"ids\":[101,7]}");
    TestFiles.text(folder, "in/day=2026-11-01/a.json", "{\"ids\":[]}");
    Source source = Source.of(folder.resolve("in")).idsColumn("ids");
    assertThat(read(source, byDay()).rows().count()).isEqualTo(1);
  }

  @Test
  void refusesAColumnThatNoDateHas() {
    TestFiles.text(folder, "in/day=2026-10-31/a.json", "{\"id\":\"1\"}");
    TestFiles.text(folder, "in/day=2026-11-01/a.json", "{\"id\":\"1\"}");
    assertThatThrownBy(() -> read(byDay()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no column 'text'. Columns found: id, day.");
  }

  private void write(String name, String content) throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    if (name.endsWith(".gz")) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
        out.write(bytes);
      }
      bytes = packed.toByteArray();
    }
    TestFiles.bytes(folder, name, bytes);
  }

  @Test
  void refusesHiddenDataOfTheDate() {
    TestFiles.text(folder, "in/day=2026-10-31/a.csv", CSV);
    TestFiles.text(folder, "in/day=2026-11-01/_a.csv", CSV);
    assertThatThrownBy(() -> read(byDay()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("begin with '_' or '.', here 1 of 1 files: _a.csv.");
  }

  @Test
  void hasNoRowsOfADateWithNothingButFilesThatAreLeftOut() {
    for (String day : List.of("2026-10-30", "2026-10-31", "2026-11-01")) {
      TestFiles.text(folder, "in/day=%s/manifest.json".formatted(day), "{}");
    }
    TestFiles.text(folder, "in/day=2026-10-30/a.csv", CSV);
    TestFiles.text(folder, "in/manifest.json", "{}");
    Source source = Source.of(folder.resolve("in")).option("pathGlobFilter", "*.csv");
    assertThat(read(source, byDay()).rows().count()).isZero();
  }

  /** They would be "20261101.0" as text. */
  @Test
  void refusesDatesThatAreFractionsInJson() {
    TestFiles.text(folder, "in/a.json", "{\"text\":\"Good.\",\"day\":20261101.0}");
    assertThatThrownBy(() -> read(byDay()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("column 'day' is DOUBLE, not DATE");
  }

  @Test
  void readsLinesOfDirectoriesOfADateWhateverTheirNames() {
    for (String day : List.of("2026-10-31", "2026-11-01")) {
      TestFiles.text(folder, "in/day=%s/pos/1_9.txt".formatted(day), "Good.\nFine.\n");
    }
    assertThat(read(byDay()).rows().select(Texts.CONTENT).as(Encoders.STRING()).collectAsList())
        .containsExactly("Good.", "Fine.");
  }

  @Test
  void refusesDatesOfTwoTypesInParquet() {
    LocalSpark.session()
        .sql("select 'Good.' as text, 20261101 as day")
        .write()
        .parquet(folder.resolve("in/a").toString());
    LocalSpark.session()
        .sql("select 'Good.' as text, '2026-11-01' as day")
        .write()
        .parquet(folder.resolve("in/b").toString());
    Source source = Source.of(folder.resolve("in/*"));
    assertThatThrownBy(() -> read(source, byDay()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Cannot read column 'day' of ");
  }

  @Test
  void refusesFilesBesideTheDirectoriesOfDates() {
    TestFiles.text(folder, "in/day=2026-11-01/a.csv", CSV);
    TestFiles.text(folder, "in/day=2026-11-02/a.csv", CSV);
    TestFiles.text(folder, "in/b.csv", CSV);
    assertThatThrownBy(() -> read(byDay()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("are in directories of different partitions");
  }

  /** Of one date alone they would be whole numbers. */
  @Test
  void infersTypesOfKeptColumnsFromAllDates() {
    TestFiles.text(folder, "in/day=2026-11-01/a.json", "{\"text\":\"Good.\",\"stars\":4}");
    TestFiles.text(folder, "in/day=2026-10-31/a.json", "{\"text\":\"Bad.\",\"stars\":1.5}");
    TestFiles.bytes(folder, "in/day=2026-11-02/a.json", new byte[0]);
    Texts texts = read(byDay(), "stars");
    assertThat(texts.rows().select("stars").as(Encoders.DOUBLE()).collectAsList())
        .containsExactly(4.0);
    TestFiles.bytes(folder, "in/day=2026-11-02/a.json", TestFiles.noise(2_000));
    DateFilter filter = byDay();
    assertThat(read(filter).rows().count()).as("nothing is kept").isEqualTo(1);
  }

  private static DateFilter byDay() {
    return new DateFilter("day", ZoneId.of("UTC"), NIGHT);
  }

  private Texts read(DateFilter filter, String... keep) {
    return read(Source.of(folder.resolve("in")).keep(keep), filter);
  }

  private static Texts read(Source source, DateFilter filter) {
    return Texts.read(
        LocalSpark.session(), source.source(), List.of("a", "b"), Optional.of(filter));
  }

  private void parquet(String name) {
    LocalSpark.session()
        .sql("select * from values ('1', 'Good.'), ('2', 'Bad.') as t(id, text)")
        .coalesce(1)
        .write()
        .parquet(folder.resolve(name).toString());
  }

  @Test
  void refusesColumnsThatHoldNoDates() {
    assertThatThrownBy(() -> picked(rows("double", "1"), "UTC"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot find the dates: column 'd' is DOUBLE, not DATE, TIMESTAMP, STRING or a number such as 20261101. Set --date-col.");
    assertThatThrownBy(() -> byDay().apply(rows("date", "current_date()")))
        .isInstanceOf(InputException.class)
        .hasMessage("Cannot find the dates: no column 'day'. Columns found: n, d. Set --date-col.");
  }

  private static List<Integer> picked(Dataset<Row> rows, String zone) {
    return new DateFilter("d", ZoneId.of(zone), NIGHT)
        .apply(rows)
        .select("n")
        .as(Encoders.INT())
        .collectAsList();
  }

  private static Dataset<Row> rows(String type, String... values) {
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      sql.append(i == 0 ? "SELECT " : " UNION ALL SELECT ");
      sql.append(i).append(" AS n, CAST(").append(values[i]).append(" AS ").append(type);
      sql.append(") AS d");
    }
    return LocalSpark.session().sql(sql + " ORDER BY n");
  }
}
