package swarmformer.nightly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DateRangeTest {
  @Test
  void holdsBothEnds() {
    assertThat(DateRange.parse("2026-02-27..2026-03-01").dates())
        .containsExactly(
            LocalDate.of(2026, 2, 27), LocalDate.of(2026, 2, 28), LocalDate.of(2026, 3, 1));
    DateRange days = DateRange.parse("2026-02-27..2026-03-01");
    assertThat(days.dates()).allMatch(days::contains);
    assertThat(days.contains(LocalDate.of(2026, 2, 26))).isFalse();
    assertThat(days.contains(LocalDate.of(2026, 3, 2))).isFalse();
    assertThat(DateRange.parse("2026-02-27..2026-02-27")).hasToString("2026-02-27..2026-02-27");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "..", "2026-02-27", "2026-02-30..2026-03-01", "2026-03-01..2026-02-01"})
  void refusesWhatIsNoRange(String text) {
    assertThatThrownBy(() -> DateRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is not a range such as 2026-11-01..2026-11-30", text);
  }
}
