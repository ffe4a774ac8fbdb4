package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import swarmformer.LocalSpark;

class DateFilterIT {
  private static final LocalDate NIGHT = LocalDate.of(2026, 11, 1);

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

  @Test
  void countsRowsThatHaveNoDate() {
    DateFilter filter = new DateFilter("d", ZoneId.of("UTC"), NIGHT);
    assertThat(filter.apply(rows("string", "null", "'soon'", "'2026-11-01'")).count()).isEqualTo(1);
    assertThat(filter.undated()).isEqualTo(2);
  }

  @Test
  void refusesColumnsThatHoldNoDates() {
    assertThatThrownBy(() -> picked(rows("int", "1"), "UTC"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot find the dates: column 'd' is INT, not DATE, TIMESTAMP or STRING. Set --date-col.");
    assertThatThrownBy(
            () ->
                new DateFilter("day", ZoneId.of("UTC"), NIGHT)
                    .apply(rows("date", "current_date()")))
        .isInstanceOf(DataException.class)
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
