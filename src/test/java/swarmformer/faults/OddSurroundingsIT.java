package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.Predictions;
import swarmformer.jobs.Cluster;
import swarmformer.jobs.RunWatcher;

/** Settings, slowness and caches that nobody would wish for, and the same predictions. */
@Tag("long")
class OddSurroundingsIT {
  private static final String ABROAD =
      " -Duser.language=tr -Duser.country=TR -Dfile.encoding=US-ASCII -Duser.timezone=Pacific/Apia";

  private static final int MANY = 8;

  @TempDir Path folder;

  private Trial trial;
  private Predictions undisturbed;

  @BeforeEach
  void scoreUndisturbed() throws Exception {
    trial = Trial.in(folder);
    undisturbed = trial.undisturbed();
  }

  @Test
  void abroadWithASlowTaskAndWithoutNatives() throws Exception {
    try (Cluster cluster = Cluster.start(folder)) {
      Fault[] faults = {Fault.AFTER_COMMIT, Fault.SLOW, Fault.NO_CACHE};
      Map<String, String> settings = withOwnCache(trial.settings(cluster.master(), faults));
      settings.merge("spark.executor.extraJavaOptions", ABROAD, String::concat);
      settings.put("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1" + ABROAD);
      settings.put("spark.speculation", "true");
      settings.put("spark.speculation.quantile", "0.5");
      settings.put("spark.speculation.multiplier", "1.1");
      assertScoresTheSame(settings);
      assertThat(Fault.happened(trial.markers())).containsExactly(faults);
    }
    trial.processes().assertAllEnd();
  }

  @Test
  void manyExecutorsWithoutNativesStartAtOnce() throws Exception {
    Map<String, String> settings =
        withOwnCache(trial.settings("local-cluster[%d,1,1024]".formatted(MANY)));
    settings.put("spark.executor.memory", "512m");
    settings.put("spark.scheduler.minRegisteredResourcesRatio", "1");
    settings.put("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s");
    settings.put("spark.task.maxFailures", "1");
    assertScoresTheSame(settings);
    assertThat(executors()).isEqualTo(MANY);
    assertThat(folder.resolve("cache")).isNotEmptyDirectory();
    trial.processes().assertAllEnd();
  }

  private void assertScoresTheSame(Map<String, String> settings) throws Exception {
    try (RunWatcher watcher = RunWatcher.watch(trial.output(), "r")) {
      trial.score("r", settings).assertDone();
      Predictions.of(trial.run("r")).assertSameAs(undisturbed);
      assertThat(watcher.brokenPromises()).isEmpty();
    }
    trial.assertNextRunClears();
  }

  private Map<String, String> withOwnCache(Map<String, String> settings) {
    Path cache = folder.resolve("cache");
    settings.put("spark.executorEnv.SWARMFORMER_CACHE", cache.toString());
    settings.put("spark.hadoop." + Fault.CACHE, cache.toString());
    return settings;
  }

  /** How many executors scored. */
  private long executors() {
    String batches = trial.run("r").resolve("batches").toString();
    return LocalSpark.session().read().parquet(batches).select("executor").distinct().count();
  }
}
