package swarmformer.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Predictions;
import swarmformer.faults.Processes;
import swarmformer.jobs.Script;

/**
 * Drivers and executors that are killed at any moment while they write to HDFS and to S3, on this
 * host and on one of the same name whose processes cannot be seen from here: as many on each as
 * {@code -Dswarmformer.kills} says, at moments that {@code -Dswarmformer.seed} settles, while a
 * reader looks at all runs.
 */
@Tag("clusters")
class ClusterKillsIT {
  private static final int KILLS = Integer.getInteger("swarmformer.kills", 4);
  private static final long SEED = Long.getLong("swarmformer.seed", 20_261_101L);

  /** After so long an owner on another host that gives no sign of life is dead. */
  private static final int TIMEOUT_SEC = 10;

  /** Beyond that, for a run that nobody disturbs. */
  private static final int RUN_SEC = 540;

  private static final int FILES = 4;
  private static final int ROWS = 40;
  private static final int DRIVERS_OF_A_RUN = 4;
  private static final int EXECUTORS_OF_A_RUN = 4;

  /** Runs of so many ids are written, and after that again and again. */
  private static final int IDS = 4;

  private static final int LOOK_EVERY_MS = 50;

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private Configuration settings;
  private Map<String, String> spark;
  private org.apache.hadoop.fs.Path output;
  private String archive;
  private Predictions undisturbed;
  private int drivers;
  private int executors;
  private int writers;
  private int runs;

  /** For how long a run was written that nobody disturbed. */
  private long undisturbedMs;

  @Test
  void loseNothingOnHdfs() throws Exception {
    try (Hadoop hadoop = Hadoop.start(folder.resolve("hadoop"))) {
      settings = hadoop.settings();
      spark = new TreeMap<>();
      output = new org.apache.hadoop.fs.Path(hadoop.files().getUri() + "/scores");
      killAtAnyMoment("HDFS");
    }
  }

  @Test
  void loseNothingOnS3() throws Exception {
    try (S3 s3 = S3.start(folder.resolve("s3"))) {
      settings = s3.configuration();
      spark = s3.settings();
      spark.putAll(S3.committer());
      output = new org.apache.hadoop.fs.Path(S3.BUCKET + "/scores");
      killAtAnyMoment("S3");
    }
  }

  private void killAtAnyMoment(String storage) throws Exception {
    assumeTrue(OtherHost.isPossible(), "cannot make namespaces");
    writeInput();
    archive = "-XX:ArchiveClassesAtExit=" + folder.resolve("classes");
    assertEndsWell(start("undisturbed", List.of(), "local[2]"));
    archive = "-XX:SharedArchiveFile=" + folder.resolve("classes");
    Process first = start("undisturbed", List.of(), "local[2]");
    awaitWriter(first);
    long start = System.nanoTime();
    assertEndsWell(first);
    undisturbedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    try (RunReader reader = RunReader.start(settings, output, ROWS)) {
      undisturbed = predictions("undisturbed");
      assertThat(undisturbed.rows()).hasSize(ROWS);
      while (drivers + executors < KILLS) {
        completeARun("r" + runs++ % IDS);
        System.out.printf("%s: %d of %d killed%n", storage, drivers + executors, KILLS);
      }
      assertThat(reader.torn()).isEmpty();
      System.out.printf(
          "%s: %d drivers, of which %d were writing, and %d executors killed in %d runs, seed %d, %d reads: 0 rows lost, 0 duplicated, 0 torn reads%n",
          storage, drivers, writers, executors, runs, SEED, reader.reads());
    }
  }

  /** Some rows of the samples, in several files. */
  private void writeInput() throws IOException {
    Path samples = Script.projectHome().resolve("samples/reviews.jsonl");
    List<String> rows = Files.readAllLines(samples).subList(0, ROWS);
    Path input = Files.createDirectory(folder.resolve("input"));
    for (int i = 0; i < FILES; i++) {
      Files.write(
          input.resolve("texts-" + i + ".jsonl"),
          rows.subList(i * ROWS / FILES, (i + 1) * ROWS / FILES));
    }
  }

  /** Kills drivers of a run, one after the other, or executors of one driver, until it is whole. */
  private void completeARun(String run) throws Exception {
    if (random.nextInt(3) > 0) {
      for (int i = 0; i < DRIVERS_OF_A_RUN && drivers + executors < KILLS; i++) {
        killDriver(run);
      }
    } else {
      killExecutors(run);
    }
    // Whoever was killed before, the next one goes on: at once, or after the timeout.
    assertEndsWell(start(run, List.of(), "local[2]"));
    predictions(run).assertSameAs(undisturbed);
  }

  private void killDriver(String run) throws Exception {
    String name = InetAddress.getLocalHost().getHostName(); // names of hosts do repeat
    List<String> by = random.nextBoolean() ? List.of() : OtherHost.by(name);
    Process driver = start(run, by, "local[2]");
    boolean writes = random.nextInt(5) > 0 && awaitWriter(driver);
    if (!driver.waitFor(writes ? moment() : random.nextInt(8_000), TimeUnit.MILLISECONDS)) {
      driver.destroyForcibly().waitFor();
      drivers++;
      writers += writes ? 1 : 0;
    }
    // One that was faster has published: the next one overwrites it.
  }

  /** Waits until a driver has the lease of its run; false if it ended before. */
  private boolean awaitWriter(Process driver) throws Exception {
    Set<String> before = leases();
    while (before.containsAll(leases())) {
      if (driver.waitFor(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  private Set<String> leases() throws IOException {
    var found =
        output
            .getFileSystem(settings)
            .globStatus(new org.apache.hadoop.fs.Path(output, "_staging/*.lease"));
    return found == null
        ? Set.of()
        : Arrays.stream(found).map(it -> it.getPath().getName()).collect(Collectors.toSet());
  }

  private void killExecutors(String run) throws Exception {
    Process driver = start(run, List.of(), "local-cluster[2,1,1024]");
    Processes processes = new Processes("-Dtrial=" + folder);
    int deaths = 0;
    while (!driver.waitFor(random.nextInt(4_000), TimeUnit.MILLISECONDS)) {
      List<ProcessHandle> running = processes.executors();
      if (!running.isEmpty()
          && deaths < EXECUTORS_OF_A_RUN
          && drivers + executors < KILLS
          && running.get(random.nextInt(running.size())).destroyForcibly()) {
        executors++;
        deaths++;
      }
    }
    assertEndsWell(driver);
    processes.assertAllEnd();
  }

  /** Some time while a run is written, rather near its end, where it commits and publishes. */
  private long moment() {
    return (long) (1.1 * Math.sqrt(random.nextDouble()) * undisturbedMs);
  }

  private Process start(String run, List<String> by, String master) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--input", folder.resolve("input").toUri().toString()));
    arguments.addAll(List.of("--output", output.toString(), "--run-id", run, "--overwrite"));
    arguments.addAll(List.of("--dtype", "float32")); // bfloat16 depends on what shares a batch
    arguments.addAll(List.of("--batch-size", "8", "--partitions", Integer.toString(FILES)));
    arguments.addAll(List.of("--", "--master", master, "--executor-memory", "1g"));
    Map<String, String> all = new TreeMap<>(spark);
    all.put("spark.hadoop.swarmformer.lease.timeout", TIMEOUT_SEC + "s");
    all.putAll(Engines.QUICK_START);
    for (String process : List.of("driver", "executor")) {
      String more = process.equals("driver") ? " " + archive : "";
      all.merge(
          "spark." + process + ".extraJavaOptions", more + " -Dtrial=" + folder, String::concat);
    }
    all.put("spark.driver.memory", "1g");
    all.put("spark.driver.host", "localhost");
    all.put("spark.driver.bindAddress", "127.0.0.1");
    all.put("spark.task.maxFailures", "8");
    all.forEach((name, value) -> arguments.addAll(List.of("--conf", name + "=" + value)));
    return new Script(
            Script.projectHome(), folder, Map.of("SPARK_HOME", Engines.spark().toString()))
        .startJob(by, "score", arguments.toArray(String[]::new));
  }

  private void assertEndsWell(Process driver) throws Exception {
    boolean ended = driver.waitFor(TIMEOUT_SEC + RUN_SEC, TimeUnit.SECONDS);
    driver.destroyForcibly().waitFor();
    Script.Ended end = Script.in(folder).ended(driver);
    assertThat(ended).as(end.err()).isTrue();
    end.assertDone();
  }

  private Predictions predictions(String run) throws IOException {
    return Predictions.of(RunReader.copyPredictions(settings, output, run, folder));
  }
}
