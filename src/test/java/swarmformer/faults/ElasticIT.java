package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.Predictions;
import swarmformer.jobs.Script;

/** Executors that come while a job runs, and leave, and tasks that run twice. */
@Tag("long")
class ElasticIT {
  private static final int ROWS = 100_000;
  private static final int EXECUTORS = 4;

  @TempDir Path folder;

  @Test
  void useAllExecutorsAndLoseNothing() throws Exception {
    writeOneFile();
    Process driver = start("calm", Map.of());
    assertEndsWell(driver);
    Predictions calm = predictions("calm");
    assertThat(calm.rows()).hasSize(ROWS);
    // The first one was there at the start; the others came later.
    assertThat(executorsOf("calm")).containsExactlyInAnyOrder("0", "1", "2", "3");

    Path events = Files.createDirectory(folder.resolve("events"));
    driver = start("disturbed", disturbance(events));
    List<ProcessHandle> executors = awaitExecutors(driver, EXECUTORS - 1);
    decommission(executors.get(0));
    assertThat(executors.get(1).destroyForcibly()).isTrue();
    assertEndsWell(driver);
    predictions("disturbed").assertSameAs(calm);
    assertThat(executorsOf("disturbed")).hasSizeGreaterThan(1);
    List<String> reasons = reasonsOfLosses(events);
    assertThat(reasons).anyMatch(reason -> reason.contains("ecommission"));
    assertThat(reasons).anyMatch(reason -> reason.contains("code 137"));
    new Processes(folder.toString()).assertAllEnd();
  }

  /** Short texts in a file that Spark does not split. */
  private void writeOneFile() throws IOException {
    Stream<String> rows =
        IntStream.range(0, ROWS)
            .mapToObj(i -> i + "," + (i % 3 == 0 ? "a dull film " : "a good film ") + i);
    Files.write(folder.resolve("in.csv"), Stream.concat(Stream.of("id,text"), rows).toList());
  }

  /** Speculation as soon as it may be, and executors that say why they leave. */
  private static Map<String, String> disturbance(Path events) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.speculation", "true");
    settings.put("spark.speculation.quantile", "0.1");
    settings.put("spark.speculation.multiplier", "1.0");
    settings.put("spark.speculation.interval", "10ms");
    settings.put("spark.decommission.enabled", "true");
    settings.put("spark.storage.decommission.enabled", "true");
    settings.put("spark.eventLog.enabled", "true");
    settings.put("spark.eventLog.dir", events.toUri().toString());
    settings.put("spark.eventLog.compress", "false");
    settings.put("spark.eventLog.rolling.enabled", "false");
    return settings;
  }

  private Process start(String run, Map<String, String> more) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--input", "in.csv", "--output", "out", "--run-id", run));
    arguments.addAll(List.of("--dtype", "float32")); // bfloat16 depends on what shares a batch
    arguments.add("--");
    Map<String, String> settings = new TreeMap<>(more);
    settings.put("spark.master", "local-cluster[%d,1,1024]".formatted(EXECUTORS));
    settings.put("spark.dynamicAllocation.enabled", "true");
    settings.put("spark.dynamicAllocation.shuffleTracking.enabled", "true");
    settings.put("spark.dynamicAllocation.initialExecutors", "1");
    settings.put("spark.dynamicAllocation.maxExecutors", Integer.toString(EXECUTORS));
    settings.put(
        "spark.executor.extraJavaOptions",
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dtrial=" + folder);
    settings.forEach((name, value) -> arguments.addAll(List.of("--conf", name + "=" + value)));
    return Script.in(folder).start(arguments.toArray(String[]::new));
  }

  private List<ProcessHandle> awaitExecutors(Process driver, int count) throws Exception {
    Processes processes = new Processes(folder.toString());
    while (processes.executors().size() < count && driver.isAlive()) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return processes.executors();
  }

  /** Tells an executor that its machine goes away. */
  private static void decommission(ProcessHandle executor) throws Exception {
    Process kill = new ProcessBuilder("kill", "-PWR", Long.toString(executor.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private void assertEndsWell(Process driver) throws Exception {
    Script.in(folder).awaitEnd(driver).assertDone();
  }

  private Predictions predictions(String run) {
    return Predictions.of(folder.resolve("out/run=" + run));
  }

  private List<String> executorsOf(String run) {
    String batches = folder.resolve("out/run=" + run).resolve("batches").toString();
    return LocalSpark.session()
        .read()
        .parquet(batches)
        .select("executor")
        .distinct()
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  /** Why executors went, as Spark's own log has it. */
  private static List<String> reasonsOfLosses(Path events) throws IOException {
    try (Stream<Path> logs = Files.list(events)) {
      return Golden.lines(logs.findFirst().orElseThrow()).stream()
          .filter(it -> it.path("Event").asText().equals("SparkListenerExecutorRemoved"))
          .map(it -> it.path("Removed Reason").asText())
          .toList();
    }
  }
}
