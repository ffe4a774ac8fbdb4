package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static swarmformer.jobs.Nights.input;
import static swarmformer.jobs.Nights.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.errors.ErrorCode;

/** Nights whose gate has closed, and what opens it. */
class ClosedGateIT {
  private static final String FIRST = "2026-11-01";

  @TempDir private Path folder;

  @Test
  void staysClosedUntilItIsAcknowledged() {
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.", "b,");
    Object[] command = {"--input", input, "--date", FIRST, "--max-error-share", "0.1"};
    Ran closed = run(store, command);
    assertThat(closed.code()).isEqualTo(ExitCode.GATE);
    assertThat(run(store, command).code()).isEqualTo(ExitCode.GATE);
    Ran again = run(store, "--input", input, "--date", FIRST);
    assertThat(again.code()).isEqualTo(ExitCode.GATE);
    assertThat(again.out())
        .contains("Night 2026-11-01 is in the store already: 2 rows")
        .contains("Gate: 50.00 % of the rows have no prediction, more than 10.00 %.")
        .contains(
            "Note: the night ends with exit code 6 until --acknowledge --date 2026-11-01, or --overwrite.");
    for (int i = 0; i < 2; i++) { // twice is as once
      Ran seen = run(store, "--acknowledge", "--date", FIRST);
      assertThat(seen.err()).isEmpty();
      assertThat(seen.code()).isZero();
      assertThat(seen.out())
          .contains("2026-11-01      acknowledged: 50.00 % of the rows have no prediction");
    }
    Ran open = run(store, command);
    assertThat(open.code()).isZero();
    assertThat(open.out()).contains("more than 10.00 %; acknowledged 2").doesNotContain("Gate");
    assertThat(run(store, "--verify").out()).contains("2026-11-01      as published");
    Ran replaced = run(store, "--input", input, "--date", FIRST, "--overwrite");
    assertThat(replaced.out()).doesNotContain("acknowledged");
    assertThat(run(store, "--acknowledge", "--date", FIRST).out())
        .contains("2026-11-01      no gate has closed");
    assertThat(store.resolve("_staging")).doesNotExist();
  }

  @Test
  void closesForANightWithoutRowsUnlessThatIsAllowed() {
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv");
    Ran empty = run(store, "--input", input, "--date", FIRST);
    assertThat(empty.code()).isEqualTo(ExitCode.GATE);
    assertThat(empty.out()).contains("Gate: the night has 0 rows, fewer than 1 (--min-rows).");
    assertThat(run(store, "--input", input, "--date", "2026-11-02", "--min-rows", "0").code())
        .isZero();
  }

  /** Spark drops a plan that gives no rows, and with it what was to be counted beside them. */
  @Test
  void closesForAFirstNightWhoseDateNoRowHas() throws IOException {
    Path input = folder.resolve("dated.csv");
    Files.writeString(input, "id,day,text\na,2026-10-01,A fine film.\nb,,Dull.\n");
    Path store = folder.resolve("store");
    Ran empty = run(store, "--input", input, "--date-col", "day", "--date", FIRST);
    assertThat(empty.code()).as(empty.err().toString()).isEqualTo(ExitCode.GATE);
    assertThat(empty.out())
        .contains("rows with a missing or unparseable date, assigned to no night: 1.");
  }

  /** A store of working days has no night of a Saturday. */
  @Test
  void opensForAllNightsThatAreThereAndTellsTheOthers() {
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,");
    for (String date : List.of(FIRST, "2026-11-04")) {
      run(store, "--input", input, "--date", date, "--max-error-share", "0.1");
    }
    Ran seen = run(store, "--acknowledge", "--backfill", FIRST + "..2026-11-04");
    assertThat(seen.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(seen.out())
        .contains("2026-11-01      acknowledged: 100.00 % of the rows have no prediction")
        .contains("2026-11-04      acknowledged: 100.00 % of the rows have no prediction");
    assertThat(seen.err())
        .containsExactly(
            "Cannot acknowledge the nights 2026-11-02, 2026-11-03 of %s: the store has no manifest of it. Check --store, --store-format and --date."
                .formatted(store));
    assertThat(run(store, "--input", input, "--date", "2026-11-04").code()).isZero();
  }

  @Test
  void doesNotOpenForANightThatIsNotThere() {
    Path store = folder.resolve("store");
    assertThat(run(store, "--acknowledge", "--date", FIRST).err())
        .containsExactly(
            "Cannot acknowledge night 2026-11-01 of %s: the store has no manifest of it. Check --store, --store-format and --date."
                .formatted(store));
  }
}
