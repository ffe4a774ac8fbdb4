package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import swarmformer.errors.ErrorCode;

class NightlyOptionsTest {
  private static final String TRY = " Try 'jobs/score-nightly.sh --help'.";

  @Test
  void asksForAStoreAndANight() {
    assertRefuses("Missing --store. Missing --date (or --backfill).", "--input", "in.csv");
    assertRefuses("Missing --store.", "--verify");
  }

  @Test
  void tellsWhatIsNoDateRangeZoneOrTime() {
    assertRefuses(
        "Invalid value for option '--date': '1.11.2026' is not a date such as 2026-11-01.",
        "--date",
        "1.11.2026");
    assertRefuses(
        "Invalid value for option '--drop-before': 'yesterday' is not a date such as 2026-11-01.",
        "--drop-before",
        "yesterday");
    assertRefuses(
        "Invalid value for option '--backfill': '2026-11-02..2026-11-01' is not a range such as 2026-11-01..2026-11-30.",
        "--backfill",
        "2026-11-02..2026-11-01");
    assertRefuses(
        "Invalid value for option '--zone': 'Mars' is not a time zone such as Europe/Berlin.",
        "--zone",
        "Mars");
    assertRefuses(
        "Invalid value for option '--deadline': '6' is not a time such as 06:00 or 2026-11-01T06:00:00Z.",
        "--deadline",
        "6");
  }

  @Test
  void refusesOptionsThatDoNotGoTogether() {
    assertRefuses(
        "--date and --backfill exclude each other. --backfill needs --date-col: else every night would hold all of the input.",
        "--input",
        "in.csv",
        "--store",
        "s",
        "--date",
        "2026-11-01",
        "--backfill",
        "2026-11-01..2026-11-02");
    assertRefuses(
        "--store-format takes parquet, delta or iceberg, not 'hudi'. --max-error-share takes a share from 0 to 1, not 5.0.",
        "--input",
        "in.csv",
        "--store",
        "s",
        "--date",
        "2026-11-01",
        "--max-error-share",
        "5",
        "--store-format",
        "hudi");
  }

  @Test
  void takesNoInputForAStore() {
    assertRefuses(
        "--table and --store exclude each other for one table: set --store to another.",
        "--table",
        "shop.reviews",
        "--store",
        "Shop.Reviews",
        "--store-format",
        "delta",
        "--date",
        "2026-11-01");
  }

  @Test
  void doesOneThingAtATimeWithAStore() {
    assertRefuses(
        "--verify and --acknowledge exclude each other. --acknowledge needs --date (or --backfill).",
        "--store",
        "s",
        "--verify",
        "--acknowledge");
    assertRefuses(
        "--drop-before and --delete-ids exclude each other. --drop-before goes without --date and --backfill.",
        "--store",
        "s",
        "--drop-before",
        "2026-11-01",
        "--delete-ids",
        "ids.txt",
        "--date",
        "yesterday");
    assertRefuses(
        "--min-estimated-accuracy takes a share from 0 to 1, not 90.0. --temperature takes a number above 0, not 0.0.",
        "--store",
        "s",
        "--verify",
        "--min-estimated-accuracy",
        "90",
        "--temperature",
        "0");
    assertRefuses(
        "--min-rows takes a number of rows, not -1.",
        "--store",
        "s",
        "--verify",
        "--min-rows",
        "-1");
  }

  private static NightlyOptions parsed(String... arguments) {
    NightlyOptions options = new NightlyOptions();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("o", mixin(options)))
        .parseArgs(arguments);
    return options;
  }

  @Test
  void takesTheNextTimeThatAClockOfTheZoneShows() {
    NightlyOptions options = parsed("--deadline", "06:00", "--zone", "Europe/Berlin");
    assertThat(options.deadlineAfter(Instant.parse("2026-11-01T04:59:00Z")))
        .contains(Instant.parse("2026-11-01T05:00:00Z"));
    assertThat(options.deadlineAfter(Instant.parse("2026-11-01T05:00:00Z")))
        .contains(Instant.parse("2026-11-02T05:00:00Z"));
  }

  /** On 28 March 2027 there is no 02:30 in Berlin, and on the day after there is. */
  @Test
  void takesTheTimeOfTheDayAfterClocksWentForward() {
    NightlyOptions options = parsed("--deadline", "02:30", "--zone", "Europe/Berlin");
    assertThat(options.deadlineAfter(Instant.parse("2027-03-28T18:00:00Z")))
        .contains(Instant.parse("2027-03-29T00:30:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-01T05:00:00Z", "2026-11-01T06:00+01:00"})
  void takesADeadlineThatIsTheSameForEachStart(String end) {
    NightlyOptions options = parsed("--deadline", end, "--zone", "Asia/Tokyo");
    for (String now : List.of("2026-10-30T12:00:00Z", "2026-11-01T05:00:01Z")) {
      assertThat(options.deadlineAfter(Instant.parse(now)))
          .contains(Instant.parse("2026-11-01T05:00:00Z"));
    }
  }

  @Test
  void countsYesterdayInTheZone() {
    NightlyOptions options = parsed("--date", "yesterday", "--zone", "Europe/Berlin");
    assertThat(options.dates(Instant.parse("2026-11-01T22:59:00Z")))
        .containsExactly(LocalDate.of(2026, 10, 31));
    assertThat(options.dates(Instant.parse("2026-11-01T23:00:00Z")))
        .containsExactly(LocalDate.of(2026, 11, 1));
  }

  @Test
  void warnsOfANightThatIsNotOverInTheZone() {
    NightlyOptions options = new NightlyOptions();
    CommandLine line =
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("o", mixin(options)));
    line.parseArgs("--date-col", "day", "--zone", "America/Los_Angeles");
    LocalDate night = LocalDate.of(2026, 11, 1);
    assertThat(options.warning(night, Instant.parse("2026-11-02T07:59:59Z")))
        .contains(
            "Warning: night 2026-11-01 is not over yet in America/Los_Angeles: rows that come later will not be scored with it.");
    assertThat(options.warning(night, Instant.parse("2026-11-02T08:00:00Z"))).isEmpty();
    line.parseArgs("--zone", "America/Los_Angeles"); // all rows, whatever their date
    assertThat(options.warning(night, Instant.parse("2026-11-02T07:59:59Z"))).isEmpty();
  }

  private static CommandLine.Model.CommandSpec mixin(NightlyOptions options) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
  }

  private static void assertRefuses(String message, Object... arguments) {
    assertThat(Ran.of(new ScoreNightly(), arguments))
        .isEqualTo(new Ran(ErrorCode.USAGE.exitCode(), "", List.of(message + TRY)));
  }
}
