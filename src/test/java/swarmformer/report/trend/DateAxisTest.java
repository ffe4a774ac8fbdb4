package swarmformer.report.trend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import swarmformer.report.Axis;

final class DateAxisTest {
  private static List<String> labels(String first, String last) {
    return DateAxis.of(LocalDate.parse(first), LocalDate.parse(last)).ticks().stream()
        .map(Axis.Tick::label)
        .toList();
  }

  @Test
  void labelsDaysWeeksMonthsOrYears() {
    assertThat(labels("2026-11-01", "2026-11-01")).containsExactly("1 Nov");
    assertThat(labels("2026-10-30", "2026-11-01")).containsExactly("30 Oct", "31 Oct", "1 Nov");
    assertThat(labels("2026-11-01", "2026-11-09"))
        .containsExactly("1 Nov", "3 Nov", "5 Nov", "7 Nov", "9 Nov");
    assertThat(labels("2026-10-01", "2026-10-31"))
        .containsExactly("5 Oct", "12 Oct", "19 Oct", "26 Oct");
    assertThat(labels("2026-10-01", "2027-02-15"))
        .containsExactly("Oct", "Nov", "Dec", "2027", "Feb");
    assertThat(labels("2025-10-01", "2026-11-05"))
        .containsExactly("Oct", "2026", "Apr", "Jul", "Oct");
    assertThat(labels("2019-03-01", "2026-11-05")).containsExactly("2020", "2022", "2024", "2026");
  }

  @Test
  void spansTheWholeOfEachDay() {
    Axis axis = DateAxis.of(LocalDate.parse("1970-01-02"), LocalDate.parse("1970-01-03"));
    assertThat(axis.from()).isEqualTo(0.5);
    assertThat(axis.to()).isEqualTo(2.5);
    assertThat(axis.title()).isEqualTo("Nights, 1970-01-02 to 1970-01-03");
  }
}
