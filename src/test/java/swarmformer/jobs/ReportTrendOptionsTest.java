package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import swarmformer.errors.ErrorCode;

final class ReportTrendOptionsTest {
  private static final String TRY = " Try 'jobs/report-trend.sh --help'.";

  @Test
  void asksForAStore() {
    assertRefuses("Missing --store.");
  }

  @Test
  void aTableWithoutAFolderNeedsAnOutput() {
    assertRefuses(
        "Missing --output: a named table has no directory for the page.",
        "--store",
        "nights",
        "--store-format",
        "delta");
  }

  @Test
  void optionsOfLabelsNeedLabels() {
    assertRefuses(
        "Missing --labels: --format, --option, --id-col, --label-col and --label-map say how to read them.",
        "--store",
        "s",
        "--label-col",
        "stars");
  }

  @Test
  void tellsWhatIsNoRangeFormatOrOption() {
    assertRefuses(
        "Invalid value for option '--nights': 'October' is not a range such as 2026-11-01..2026-11-30.",
        "--nights",
        "October");
    assertRefuses(
        "--store-format takes parquet, delta or iceberg, not 'hudi'.",
        "--store",
        "s",
        "--store-format",
        "hudi");
    assertRefuses(
        "Unknown option: '--outptu'. Did you mean --output?", "--store", "s", "--outptu", "x");
  }

  private static void assertRefuses(String message, Object... arguments) {
    Ran ran = Ran.of(new ReportTrend(), arguments);
    assertThat(ran.err()).containsExactly(message + TRY);
    assertThat(ran.code()).isEqualTo(ErrorCode.USAGE.exitCode());
  }
}
