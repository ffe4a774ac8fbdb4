package swarmformer.report.trend;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import swarmformer.report.Axis;

/** A horizontal axis of days, each as wide as the others, with its middle at the epoch day. */
final class DateAxis {
  private static final int MOST_TICKS = 6;
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMM", Locale.ENGLISH);

  /** From label to label, the shortest first. */
  private static final List<Step> STEPS =
      Stream.concat(
              Stream.of(1, 2, 7, 14).map(size -> new Step(size, ChronoUnit.DAYS)),
              Stream.of(1, 2, 3, 6, 12, 24, 60, 120).map(size -> new Step(size, ChronoUnit.MONTHS)))
          .toList();

  private record Step(int size, ChronoUnit unit) {}

  private DateAxis() {}

  /** The axis from a day to another, with both in its title. */
  static Axis of(LocalDate first, LocalDate last) {
    String title =
        first.equals(last) ? "Night of " + first : "Nights, %s to %s".formatted(first, last);
    return new Axis(title, first.toEpochDay() - 0.5, last.toEpochDay() + 0.5, ticks(first, last));
  }

  private static List<Axis.Tick> ticks(LocalDate first, LocalDate last) {
    for (Step step : STEPS) {
      List<LocalDate> labelled = labelled(first, last, step);
      if (labelled.size() <= MOST_TICKS) {
        return labelled.stream().map(day -> tick(day, step)).toList();
      }
    }
    return List.of(); // centuries
  }

  /** A January is named by its year. */
  private static Axis.Tick tick(LocalDate day, Step step) {
    String label =
        step.unit == ChronoUnit.DAYS
            ? DAY.format(day)
            : day.getMonth() == Month.JANUARY ? String.valueOf(day.getYear()) : MONTH.format(day);
    return new Axis.Tick(day.toEpochDay(), label);
  }

  private static List<LocalDate> labelled(LocalDate first, LocalDate last, Step step) {
    List<LocalDate> labelled = new ArrayList<>();
    LocalDate day = begin(first, step);
    while (!day.isAfter(last)) {
      if (!day.isBefore(first)) {
        labelled.add(day);
      }
      day = day.plus(step.size, step.unit);
    }
    return labelled;
  }

  /** Weeks begin on Mondays, and groups of months or years with the decade. */
  private static LocalDate begin(LocalDate first, Step step) {
    if (step.unit == ChronoUnit.DAYS) {
      return step.size < 7 ? first : first.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));
    }
    return LocalDate.of(Math.floorDiv(first.getYear(), 10) * 10, 1, 1);
  }
}
