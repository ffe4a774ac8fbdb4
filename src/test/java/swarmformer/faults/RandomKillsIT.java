package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Predictions;
import swarmformer.jobs.Cluster;
import swarmformer.jobs.RunWatcher;
import swarmformer.jobs.Script;

/**
 * Drivers and executors that are killed at any moment, as many as {@code -Dswarmformer.kills} says,
 * at moments that {@code -Dswarmformer.seed} settles.
 */
@Tag("long")
class RandomKillsIT {
  private static final int KILLS = Integer.getInteger("swarmformer.kills", 4);
  private static final long SEED = Long.getLong("swarmformer.seed", 20_261_101L);

  /** A kill comes so late at most after the one before, or after the run was claimed. */
  private static final int LATEST_MS = 8_000;

  /** So many drivers and executors of one run die at most, so that it ends in time. */
  private static final int DRIVERS_OF_A_RUN = 4;

  private static final int EXECUTORS_OF_A_RUN = 8;

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private int drivers;
  private int executors;
  private int runs;
  private Trial trial;
  private Predictions undisturbed;

  @Test
  void loseNothingAndRepeatNothing() throws Exception {
    trial = Trial.in(folder);
    undisturbed = trial.undisturbed();
    try (Cluster cluster = Cluster.start(folder)) {
      while (drivers + executors < KILLS) {
        completeARun(cluster);
      }
    }
    trial.processes().assertAllEnd();
    trial.assertNextRunClears();
    System.out.printf(
        "%d drivers and %d executors killed in %d runs, seed %d: 0 rows lost, 0 duplicated, 0 torn reads%n",
        drivers, executors, runs, SEED);
  }

  /** Kills drivers of a run, one after the other, or executors of one driver, until it is whole. */
  private void completeARun(Cluster cluster) throws Exception {
    String id = "r" + runs++;
    try (RunWatcher watcher = RunWatcher.watch(trial.output(), id)) {
      if (drivers <= executors) {
        for (int i = 0; i < DRIVERS_OF_A_RUN && drivers + executors < KILLS && !isThere(id); i++) {
          killDriver(id, random.nextInt(4) == 0 ? cluster.master() : Trial.ONE_PROCESS);
        }
      } else {
        killExecutors(id, cluster.master());
      }
      if (!isThere(id)) {
        assertEndsWell(trial.start(id, trial.settings(Trial.ONE_PROCESS)));
      }
      Predictions.of(trial.run(id)).assertSameAs(undisturbed);
      assertThat(watcher.brokenPromises()).isEmpty();
    }
  }

  private void killDriver(String id, String master) throws Exception {
    Process driver = trial.start(id, trial.settings(master));
    while (driver.isAlive() && !Files.exists(trial.output().resolve("_staging"))) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    if (driver.waitFor(random.nextInt(LATEST_MS), TimeUnit.MILLISECONDS)) {
      assertEndsWell(driver);
    } else {
      driver.destroyForcibly().waitFor();
      drivers++;
    }
  }

  private void killExecutors(String id, String master) throws Exception {
    Map<String, String> settings = trial.settings(master);
    settings.put("spark.task.maxFailures", Integer.toString(KILLS));
    Process driver = trial.start(id, settings);
    int deaths = 0;
    while (!driver.waitFor(random.nextInt(LATEST_MS), TimeUnit.MILLISECONDS)) {
      List<ProcessHandle> running = trial.processes().executors();
      if (!running.isEmpty()
          && deaths < EXECUTORS_OF_A_RUN
          && executors + drivers < KILLS
          && running.get(random.nextInt(running.size())).destroyForcibly()) {
        executors++;
        deaths++;
      }
    }
    assertEndsWell(driver);
  }

  private boolean isThere(String id) {
    return Files.exists(trial.run(id));
  }

  private void assertEndsWell(Process driver) throws Exception {
    Script.in(folder).awaitEnd(driver).assertDone();
  }
}
