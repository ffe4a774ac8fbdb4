package swarmformer.nightly;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;

/**
 * Dates in a row.
 *
 * @param from the first
 * @param to the last, not before {@code from}
 */
public record DateRange(LocalDate from, LocalDate to) {
  /**
   * Reads {@code FROM..TO}.
   *
   * @throws IllegalArgumentException if it is no range
   */
  public static DateRange parse(String text) {
    String[] ends = text.split("\\.\\.", -1);
    try {
      DateRange range = new DateRange(LocalDate.parse(ends[0]), LocalDate.parse(ends[1]));
      if (!range.to.isBefore(range.from)) {
        return range;
      }
    } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
      // It is refused below.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a range such as 2026-11-01..2026-11-30");
  }

  /** Whether a date is one of them. */
  public boolean contains(LocalDate date) {
    return !date.isBefore(from) && !date.isAfter(to);
  }

  /** All of them, in order. */
  public List<LocalDate> dates() {
    return from.datesUntil(to.plusDays(1)).toList();
  }

  @Override
  public String toString() {
    return from + ".." + to;
  }
}
