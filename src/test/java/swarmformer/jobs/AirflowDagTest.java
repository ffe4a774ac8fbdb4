package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Airflow DAG, in Python without Airflow: two modules in its place note what the DAG asks for
 * and run its task at once.
 */
class AirflowDagTest {
  private static final Path DAG =
      Script.projectHome().resolve("jobs/schedulers/swarmformer_nightly.py");

  @TempDir Path folder;

  private Shell shell;

  @BeforeEach
  void putModulesInThePlaceOfAirflow() throws Exception {
    shell = Shell.in(folder);
    assumeTrue(shell.run("bash", "-c", "command -v python3").code() == 0, "there is no Python");
    Files.createDirectory(folder.resolve("airflow"));
    Files.writeString(
        folder.resolve("airflow/exceptions.py"),
        """
        class AirflowFailException(Exception):
            pass
        class AirflowRescheduleException(Exception):
            pass
        """);
    Files.writeString(
        folder.resolve("airflow/decorators.py"),
        """
        import os
        from datetime import datetime, timedelta, timezone

        def dag(*, schedule, start_date, catchup, max_active_runs, tags):
            assert start_date.utcoffset() == timedelta(0), "the schedule has a default time zone"
            return lambda function: function

        class DagRun:
            run_after = datetime(2026, 11, 2, 1, tzinfo=timezone.utc)

        end = datetime(2026, 11, 2, 1, tzinfo=timezone.utc)
        contexts = {
            "scheduled": {"data_interval_end": end, "logical_date": datetime(2026, 11, 1, 1, tzinfo=timezone.utc)},
            "manual": {"logical_date": end, "dag_run": DagRun},
            "undated": {"dag_run": DagRun},
        }

        def poke(function):
            if not function(**contexts[os.environ.get("RUN", "scheduled")]):
                raise AssertionError("the sensor is not done")

        class task:
            @staticmethod
            def sensor(*, mode, retries, retry_delay):
                assert mode == "reschedule"
                return lambda function: lambda: poke(function)
        """);
  }

  @Test
  void isPython() throws Exception {
    assertThat(
            shell.run(
                Map.of("PYTHONPYCACHEPREFIX", folder.resolve("cache").toString()),
                "python3",
                "-W",
                "error",
                "-m",
                "py_compile",
                DAG))
        .isEqualTo(new Script.Ended(0, "", ""));
  }

  @Test
  void startsTheNightBefore() throws Exception {
    assertThat(scoreEndingWith(0)).isEqualTo(new Script.Ended(0, "", ""));
    assertThat(Files.readString(folder.resolve("started")))
        .isEqualTo(
            "--date 2026-11-01 --table shop.reviews --date-col day --store hdfs:///swarmformer/nights"
                + " --deadline 06:00 --device cuda --conf-file yarn-gpu\n");
  }

  /** As of Airflow 3, whose manual runs have no interval and maybe no logical date. */
  @ParameterizedTest
  @ValueSource(strings = {"scheduled", "manual", "undated"})
  void startsTheNightBeforeWhateverStartedIt(String run) throws Exception {
    assertThat(scoreEndingWith(0, run)).isEqualTo(new Script.Ended(0, "", ""));
    assertThat(Files.readString(folder.resolve("started"))).startsWith("--date 2026-11-01 ");
    assertThat(rescheduled(scoreEndingWith(7, run)).toLocalTime()).isEqualTo(LocalTime.of(1, 0));
  }

  /** The end of the run is past, as of each night that Airflow catches up on. */
  @Test
  void goesOnAtTheNextStartOfANight() throws Exception {
    OffsetDateTime before = OffsetDateTime.now(ZoneOffset.UTC);
    OffsetDateTime next = rescheduled(scoreEndingWith(7));
    OffsetDateTime after = OffsetDateTime.now(ZoneOffset.UTC);
    assertThat(next).isBetween(before, after.plusDays(1));
    assertThat(next.toLocalTime()).isEqualTo(LocalTime.of(1, 0));
    assertThat(next.getOffset()).isEqualTo(ZoneOffset.UTC);
  }

  @Test
  void looksAgainInHalfAnHourForANightThatAnotherRunHas() throws Exception {
    OffsetDateTime before = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    OffsetDateTime next = rescheduled(scoreEndingWith(8));
    OffsetDateTime after = OffsetDateTime.now(ZoneOffset.UTC);
    assertThat(next).isBetween(before.plusMinutes(30), after.plusMinutes(30));
  }

  private static OffsetDateTime rescheduled(Script.Ended ended) {
    String last = ended.err().lines().reduce((line, next) -> next).orElseThrow();
    String exception = "airflow.exceptions.AirflowRescheduleException: ";
    assertThat(last).startsWith(exception);
    return OffsetDateTime.parse(last.substring(exception.length()).replace(' ', 'T'));
  }

  @ParameterizedTest
  @CsvSource({
    "1, AirflowFailException: Night 2026-11-01 is not scored",
    "5, AirflowFailException: Night 2026-11-01 is not scored",
    "6, AirflowFailException: Night 2026-11-01 is published",
  })
  void failsWithoutRetryWhereAPersonIsNeeded(int code, String outcome) throws Exception {
    assertThat(scoreEndingWith(code).err().lines().reduce((line, last) -> last).orElseThrow())
        .startsWith("airflow.exceptions." + outcome);
  }

  private Script.Ended scoreEndingWith(int code) throws Exception {
    return scoreEndingWith(code, "scheduled");
  }

  private Script.Ended scoreEndingWith(int code, String run) throws Exception {
    Path script =
        shell.program(
            "score-nightly.sh", "echo \"$@\" > '%s/started'; exit %d".formatted(folder, code));
    Path dag = folder.resolve("dag.py");
    Files.writeString(
        dag,
        Files.readString(DAG).replace("/opt/swarmformer/jobs/score-nightly.sh", script.toString()));
    return shell.run(Map.of("RUN", run), "python3", dag);
  }
}
