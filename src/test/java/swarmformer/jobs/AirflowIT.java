package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.PythonEnvironment;

/** The DAG of {@code jobs/schedulers} on Airflow 3. */
@Tag("long")
final class AirflowIT {
  private static final Path HOME = Script.projectHome();

  @TempDir private Path folder;

  private Path airflow;

  @BeforeEach
  void installAirflow() throws Exception {
    airflow = PythonEnvironment.of(HOME, "airflow", "apache-airflow==3.1.3").resolve("airflow");
    Files.writeString(
        folder.resolve("reviews.csv"),
        """
        id,day,text
        a,2026-11-01,A wonderful film with a great cast.
        b,2026-11-01,Dull and far too long.
        """);
    String dag = Files.readString(HOME.resolve("jobs/schedulers/swarmformer_nightly.py"));
    int options = dag.indexOf("OPTIONS = [");
    Files.writeString(
        Files.createDirectory(folder.resolve("dags")).resolve("nightly.py"),
        dag.substring(0, options).replace("/opt/swarmformer/", HOME + "/")
            + "OPTIONS = ['--input', '%s', '--date-col', 'day', '--store', '%s', '--dtype', 'float32']\n"
                .formatted(folder.resolve("reviews.csv"), folder.resolve("store"))
            + dag.substring(dag.indexOf("GATE, DEADLINE, HELD")));
    airflow("db", "migrate").assertDone();
  }

  @Test
  void scoresTheNightBeforeARun() throws Exception {
    Script.Ended ended =
        airflow("dags", "test", "swarmformer_nightly", "2026-11-02T01:00:00+00:00");
    assertThat(ended.out() + ended.err()).contains("Night 2026-11-01: 2 rows", "state=success");
    ended.assertDone();
  }

  /**
   * A run by hand has no interval of dates: it scores the night before today, which has no rows.
   */
  @Test
  void failsWhereAGateCloses() throws Exception {
    Script.Ended ended = airflow("dags", "test", "swarmformer_nightly");
    assertThat(ended.out() + ended.err())
        .contains("is published, but a gate closed: see the log above, then --acknowledge.");
    assertThat(ended.code()).isNotZero();
  }

  /** What the scheduler asks before it starts a task again: of other tasks it asks no date. */
  @Test
  void startsAgainNoSoonerThanTheTaskAsksFor() throws Exception {
    assertThat(ofScheduler("[type(dep).__name__ for dep in dag.get_task('score').deps]"))
        .contains("ReadyToRescheduleDep");
    assertThat(ofScheduler("dag.get_task('score').reschedule")).isEqualTo("True");
  }

  /** In summer 01:00 is of the day before there, so that one date is left out when summer ends. */
  @Test
  void startsByUtcWhateverTheDefaultTimeZone() throws Exception {
    assertThat(ofScheduler("dag.timezone")).isEqualTo("UTC");
  }

  /** What an expression of Python says of the DAG as the scheduler has it. */
  private String ofScheduler(String expression) throws Exception {
    Script.Ended ended =
        run(
            airflow.resolveSibling("python"),
            "-c",
            """
            from airflow.models.dagbag import DagBag
            from airflow.serialization.serialized_objects import SerializedDAG

            dag = DagBag(include_examples=False).dags['swarmformer_nightly']
            dag = SerializedDAG.from_dict(SerializedDAG.to_dict(dag))
            print(%s)
            """
                .formatted(expression));
    ended.assertDone();
    return ended.out().lines().reduce((line, last) -> last).orElseThrow();
  }

  private Script.Ended airflow(Object... arguments) throws Exception {
    Object[] command = new Object[arguments.length + 1];
    command[0] = airflow;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return run(command);
  }

  private Script.Ended run(Object... command) throws Exception {
    return Shell.in(folder)
        .run(
            Map.of(
                "AIRFLOW_HOME", folder.resolve("airflow").toString(),
                "AIRFLOW__CORE__DEFAULT_TIMEZONE", "Europe/Berlin",
                "AIRFLOW__CORE__LOAD_EXAMPLES", "false",
                "AIRFLOW__CORE__DAGS_FOLDER", folder.resolve("dags").toString(),
                "SWARMFORMER_LOGS", folder.resolve("logs").toString()),
            command);
  }
}
