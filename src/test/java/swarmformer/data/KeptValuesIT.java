package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept comes out as it stands in the input. */
class KeptValuesIT {
  private static final String VALUES =
      """
      select 'Good.' as text, date'9999-12-31' as last_day, date'1500-02-28' as old_day,
        date'0001-01-01' as first_day, timestamp'9999-12-31 23:59:59.999999' as last_time,
        timestamp'1500-01-01 00:00:00' as old_time, timestamp_ntz'0001-01-01 00:00:00' as local,
        12345678901234567890123456789.012345678BD as wide, cast(0.1BD as decimal(38, 38)) as fine,
        float('NaN') as nan, double('-Infinity') as infinite, X'00ff80' as bytes, -7Y as small,
        array(named_struct('a', 1, 'B', map('k', array(1, null)))) as nested,
        map('x', date'1500-01-01') as days
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void keepsValuesOfAllTypes(String format) {
    Source source = Source.of(TestFiles.written(folder, format, VALUES)).keep("all");
    assertThat(asText(source))
        .contains(
            entry("last_day", "9999-12-31"),
            entry("old_day", "1500-02-28"),
            entry("first_day", "0001-01-01"),
            entry("last_time", "9999-12-31 23:59:59.999999"),
            entry("old_time", "1500-01-01 00:00:00"),
            entry("local", "0001-01-01 00:00:00"),
            entry("wide", "12345678901234567890123456789.012345678"),
            entry("fine", "0.10000000000000000000000000000000000000"),
            entry("nan", "NaN"),
            entry("infinite", "-Infinity"),
            entry("small", "-7"),
            entry("nested", "[{1, {k -> [1, null]}}]"),
            entry("days", "{x -> 1500-01-01}"));
    assertThat((byte[]) source.column("bytes").get(0)).containsExactly(0, 0xff, 0x80);
  }

  @Test
  void keepsValuesOfJson() {
    Path file =
        TestFiles.text(
            folder,
            "a.jsonl",
            """
            {"text":"Good.","day":"9999-12-31","wide":12345678901234567890123,"unsigned":18446744073709551615,\
            "zeros":"007","fraction":0.1,"yes":true,"nested":{"a":[1,2],"b":{"c":null,"d":"x"}},"a.b":"dot"}
            """);
    assertThat(asText(Source.of(file).keep("all")))
        .contains(
            entry("day", "9999-12-31"),
            entry("wide", "12345678901234567890123"),
            entry("unsigned", "18446744073709551615"),
            entry("zeros", "007"),
            entry("fraction", "0.1"),
            entry("yes", "true"),
            entry("nested", "{[1, 2], {null, x}}"),
            entry("a.b", "dot"));
  }

  /** The values of the first row as Spark writes them. */
  private static Map<String, String> asText(Source source) {
    var rows = source.read().rows();
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : rows.columns()) {
      Row first = rows.select(Columns.quoted(name).cast("string")).head();
      values.put(name, first.getString(0));
    }
    return values;
  }
}
