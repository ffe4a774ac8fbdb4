package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Predictions;
import swarmformer.jobs.RunWatcher;

/** Drivers that die, each a little later than the one before, until one has published. */
@Tag("long")
class DriverFaultsIT {
  private static final int KILLED = 137;

  private static final List<Fault> BEFORE_THE_RUN_IS_SEEN =
      List.of(
          Fault.LEASED,
          Fault.PREDICTIONS_COMMITTED,
          Fault.BATCHES_COMMITTED,
          Fault.BEFORE_PUBLICATION);

  @TempDir Path folder;

  @Test
  void showNothingOrAllOfARun() throws Exception {
    Trial trial = Trial.in(folder);
    Predictions undisturbed = trial.undisturbed();
    try (RunWatcher watcher = RunWatcher.watch(trial.output(), "r")) {
      killWhileExecutorsScore(trial);
      for (Fault fault : BEFORE_THE_RUN_IS_SEEN) {
        dieBy(fault, trial);
        trial.assertInvisible("r");
      }
      assertThat(watcher.sightings()).isZero();
      trial.assertNextRunClears(); // else the next run would first delete what is left
      dieBy(Fault.AFTER_PUBLICATION, trial);
      Predictions.of(trial.run("r")).assertSameAs(undisturbed);
      trial.assertNextRunClears();
      assertThat(watcher.sightings()).isPositive();
      assertThat(watcher.brokenPromises()).isEmpty();
    }
  }

  private static void killWhileExecutorsScore(Trial trial) throws Exception {
    Process driver = trial.start("r", trial.settings(Trial.CLUSTER, Fault.SLOW));
    trial.await(Fault.SLOW, driver);
    driver.destroyForcibly().waitFor();
    assertThat(Fault.happened(trial.markers())).containsExactly(Fault.SLOW);
    trial.assertInvisible("r");
    trial.processes().assertAllEnd();
  }

  private static void dieBy(Fault fault, Trial trial) throws Exception {
    Map<String, String> settings = trial.settings(Trial.ONE_PROCESS, fault);
    assertThat(trial.score("r", settings).code()).isEqualTo(KILLED);
    assertThat(fault.marker(trial.markers())).exists();
  }
}
