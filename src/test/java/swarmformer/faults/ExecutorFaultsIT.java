package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import swarmformer.Predictions;
import swarmformer.jobs.Cluster;
import swarmformer.jobs.RunWatcher;
import swarmformer.jobs.Script;

/**
 * Executors that die. All faults happen in one job; with {@code -Dswarmformer.faults=each}, each
 * also happens alone, and is shown to be one by a job that may not try again.
 */
@Tag("long")
class ExecutorFaultsIT {
  private static final Set<Fault> DEATHS = EnumSet.range(Fault.FIRST_TEXTS, Fault.BATCHES_COMMIT);

  private static final boolean EACH = "each".equals(System.getProperty("swarmformer.faults"));

  /** The exit code of a job whose machines failed it. */
  private static final int DEVICE = 5;

  private static final int INPUT_OR_OUTPUT = 3;

  /** The last line that such a job prints. */
  private static final String LOST =
      "(?m)^Cannot finish: an executor died at each of %s attempts of a task, at last executor .*tell more\\.\\n\\z";

  @TempDir static Path folder;

  private static Trial trial;
  private static Predictions undisturbed;

  @BeforeAll
  static void scoreUndisturbed() throws Exception {
    trial = Trial.in(folder);
    undisturbed = trial.undisturbed();
  }

  static Stream<Set<Fault>> faults() {
    return EACH
        ? Stream.concat(Stream.of(DEATHS), DEATHS.stream().map(EnumSet::of))
        : Stream.of(DEATHS);
  }

  static Set<Fault> faultsAlone() {
    return EACH ? DEATHS : EnumSet.of(Fault.MIDDLE_TEXTS);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void costNothingButTime(Set<Fault> faults) throws Exception {
    try (Cluster cluster = Cluster.start(folder);
        RunWatcher watcher = RunWatcher.watch(trial.output(), "r")) {
      trial.score("r", trial.settings(cluster.master(), faults.toArray(Fault[]::new))).assertDone();
      assertThat(Fault.happened(trial.markers())).containsExactlyElementsOf(faults);
      Predictions.of(trial.run("r")).assertSameAs(undisturbed);
      assertThat(watcher.sightings()).isPositive();
      assertThat(watcher.brokenPromises()).isEmpty();
      trial.assertNextRunClears();
    }
    trial.processes().assertAllEnd();
    trial.forget("r");
  }

  @ParameterizedTest
  @MethodSource("faultsAlone")
  void endTheRunIfTheyDieAtEachAttempt(Fault fault) throws Exception {
    Map<String, String> settings = trial.settings(Trial.CLUSTER, fault);
    settings.put("spark.hadoop." + Fault.ALWAYS, "true");
    settings.put("spark.task.maxFailures", EACH ? "1" : "2");
    try (RunWatcher watcher = RunWatcher.watch(trial.output(), "r")) {
      Script.Ended ended = trial.score("r", settings);
      assertThat(ended.code()).as(ended.err()).isEqualTo(DEVICE);
      assertThat(ended.err()) // Spark may talk of its own end before
          .containsPattern(LOST.formatted(settings.get("spark.task.maxFailures")))
          .doesNotContain("bug");
      assertThat(watcher.sightings()).isZero();
    }
    trial.processes().assertAllEnd();
    trial.assertInvisible("r");
    trial.assertNextRunClears();
    trial.forget("r");
  }

  @Test
  @EnabledIfSystemProperty(named = "swarmformer.faults", matches = "each")
  void endTheRunIfTheirDiskIsFull() throws Exception {
    Map<String, String> settings = trial.settings(Trial.CLUSTER, Fault.FULL_DISK);
    settings.put("spark.hadoop." + Fault.ALWAYS, "true");
    Script.Ended ended = trial.score("r", settings);
    assertThat(ended.code()).as(ended.err()).isEqualTo(INPUT_OR_OUTPUT);
    assertThat(ended.err()).contains(": the disk is full. Free some space");
    assertThat(Fault.FULL_DISK.marker(trial.markers())).exists();
    trial.processes().assertAllEnd();
    trial.assertInvisible("r");
    trial.assertNextRunClears();
    trial.forget("r");
  }
}
