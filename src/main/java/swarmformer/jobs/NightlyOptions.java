package swarmformer.jobs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import swarmformer.nightly.DateRange;
import swarmformer.nightly.Gates;
import swarmformer.nightly.NightSettings;

/** Which nights, and what to heed. */
final class NightlyOptions {
  @Option(
      names = "--date",
      paramLabel = "YYYY-MM-DD|yesterday",
      converter = Dates.class,
      description = "Date of the night, or yesterday: the day before today in the time zone.")
  Optional<UnaryOperator<LocalDate>> date;

  @Option(
      names = "--backfill",
      paramLabel = "FROM..TO",
      converter = Ranges.class,
      description = "Several nights, one after the other, instead of --date.")
  Optional<DateRange> backfill;

  @Option(
      names = "--date-col",
      paramLabel = "COL",
      description = "Read only rows with the night's date in this column. Default: all rows.")
  Optional<String> dateColumn;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      converter = Zones.class,
      description =
          "Time zone of dates and of the deadline, as in Europe/Berlin. Default: ${DEFAULT-VALUE}.")
  ZoneId zone;

  @Option(
      names = "--overwrite",
      description = "Score a night that is in the store again, and replace it.")
  boolean overwrite;

  @Option(
      names = "--new-model",
      description = "Score with another model than the latest night; rows scored by that stay.")
  boolean newModel;

  @Option(
      names = "--deadline",
      paramLabel = "HH:MM",
      converter = Times.class,
      description =
          "Stop before that time, or one such as 2026-11-01T06:00:00Z, and keep what is done; the next start resumes.")
  Optional<UnaryOperator<ZonedDateTime>> deadline;

  @Option(
      names = "--max-error-share",
      paramLabel = "X",
      description = "Exit with 6 if more than this share of rows (0 to 1) has no prediction.")
  Optional<Double> maxErrorShare;

  @Option(
      names = "--min-estimated-accuracy",
      paramLabel = "X",
      description =
          "Exit with 6 if the accuracy estimated from the model's probabilities is below this share (0 to 1).")
  Optional<Double> minEstimatedAccuracy;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "1",
      description =
          "What the estimate divides logits by, as the report of jobs/evaluate.sh says. Default: ${DEFAULT-VALUE}.")
  double temperature;

  @Option(
      names = "--alert",
      paramLabel = "COMMAND|URL",
      description =
          "Give the night as JSON to this command or address if a gate has closed or it failed.")
  Optional<String> alert;

  @Option(
      names = "--lineage",
      paramLabel = "FILE|URL",
      description =
          "Tell OpenLineage of each night: add events to a file, or send them. Default: OPENLINEAGE_URL.")
  Optional<String> lineage;

  @Option(
      names = "--baseline",
      paramLabel = "FROM..TO",
      converter = Ranges.class,
      description =
          "Exit with 6 if scores, lengths or unknown tokens have drifted from those nights'.")
  Optional<DateRange> baseline;

  @Option(
      names = "--min-rows",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Exit with 6 if the night has fewer rows. Default: ${DEFAULT-VALUE}; 0 allows an empty night.")
  long minRows;

  /**
   * What clashes among the options, one sentence each.
   *
   * @param forMaintenance whether nights are scored or looked after
   */
  List<String> clashes(boolean forMaintenance) {
    List<String> clashes = new ArrayList<>();
    if (date.isPresent() && backfill.isPresent()) {
      clashes.add("--date and --backfill exclude each other.");
    }
    if (!forMaintenance && date.isEmpty() && backfill.isEmpty()) {
      clashes.add("Missing --date (or --backfill).");
    }
    if (!forMaintenance && backfill.isPresent() && dateColumn.isEmpty()) {
      clashes.add("--backfill needs --date-col: else every night would hold all of the input.");
    }
    if (maxErrorShare.filter(share -> share >= 0 && share <= 1).isEmpty()
        && maxErrorShare.isPresent()) {
      clashes.add("--max-error-share takes a share from 0 to 1, not " + maxErrorShare.get() + ".");
    }
    if (minEstimatedAccuracy.isPresent()
        && minEstimatedAccuracy.filter(share -> share >= 0 && share <= 1).isEmpty()) {
      clashes.add(
          "--min-estimated-accuracy takes a share from 0 to 1, not "
              + minEstimatedAccuracy.get()
              + ".");
    }
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      clashes.add("--temperature takes a number above 0, not " + temperature + ".");
    }
    if (minRows < 0) {
      clashes.add("--min-rows takes a number of rows, not " + minRows + ".");
    }
    return clashes;
  }

  /** The nights asked for, in order; empty for all. */
  List<LocalDate> dates(Instant now) {
    LocalDate today = now.atZone(zone).toLocalDate();
    return date.map(night -> List.of(night.apply(today)))
        .or(() -> backfill.map(DateRange::dates))
        .orElse(List.of());
  }

  /** What to say of a night whose rows may still be coming; absent if all can be there. */
  Optional<String> warning(LocalDate night, Instant now) {
    return dateColumn.isPresent() && !night.isBefore(now.atZone(zone).toLocalDate())
        ? Optional.of(
            "Warning: night %s is not over yet in %s: rows that come later will not be scored with it."
                .formatted(night, zone))
        : Optional.empty();
  }

  /** The deadline, which may have passed; of a time of day the next that a clock shows. */
  Optional<Instant> deadlineAfter(Instant now) {
    return deadline.map(end -> end.apply(now.atZone(zone)).toInstant());
  }

  NightSettings settings(LocalDate night, Optional<Instant> end, String command) {
    return new NightSettings(
        night,
        dateColumn,
        zone,
        overwrite,
        newModel,
        end,
        temperature,
        new Gates(
            minRows,
            maxErrorShare.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
            baseline,
            minEstimatedAccuracy.map(OptionalDouble::of).orElse(OptionalDouble.empty())),
        command);
  }

  private abstract static class Converter<T> implements ITypeConverter<T> {
    abstract T read(String text);

    abstract String form();

    @Override
    public T convert(String text) {
      try {
        return read(text);
      } catch (DateTimeException | IllegalArgumentException e) {
        throw new TypeConversionException("'%s' is not %s".formatted(text, form()));
      }
    }
  }

  /** Dates that may depend on what is today, for schedulers that cannot tell a date. */
  static final class Dates extends Converter<UnaryOperator<LocalDate>> {
    @Override
    UnaryOperator<LocalDate> read(String text) {
      if (text.equals("yesterday")) {
        return today -> today.minusDays(1);
      }
      LocalDate date = LocalDate.parse(text);
      return today -> date;
    }

    @Override
    String form() {
      return "a date such as 2026-11-01";
    }
  }

  static final class Days extends Converter<LocalDate> {
    @Override
    LocalDate read(String text) {
      return LocalDate.parse(text);
    }

    @Override
    String form() {
      return "a date such as 2026-11-01";
    }
  }

  static final class Ranges extends Converter<DateRange> {
    @Override
    DateRange read(String text) {
      return DateRange.parse(text);
    }

    @Override
    String form() {
      return "a range such as 2026-11-01..2026-11-30";
    }
  }

  static final class Zones extends Converter<ZoneId> {
    @Override
    ZoneId read(String text) {
      return ZoneId.of(text);
    }

    @Override
    String form() {
      return "a time zone such as Europe/Berlin";
    }
  }

  /** Times of day, or points in time. */
  static final class Times extends Converter<UnaryOperator<ZonedDateTime>> {
    @Override
    UnaryOperator<ZonedDateTime> read(String text) {
      if (text.contains("T")) {
        ZonedDateTime end = OffsetDateTime.parse(text).toZonedDateTime();
        return now -> end;
      }
      LocalTime time = LocalTime.parse(text);
      return now -> {
        ZonedDateTime today = now.with(time);
        // Not a day after today's, which is an hour later where clocks go forward over this time.
        return today.isAfter(now)
            ? today
            : now.toLocalDate().plusDays(1).atTime(time).atZone(now.getZone());
      };
    }

    @Override
    String form() {
      return "a time such as 06:00 or 2026-11-01T06:00:00Z";
    }
  }
}
