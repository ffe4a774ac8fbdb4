package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import swarmformer.Predictions;
import swarmformer.data.RunDirectory;
import swarmformer.jobs.RunWatcher;
import swarmformer.jobs.Script;

/**
 * A directory in which the sample reviews are scored, by {@code jobs/score.sh}, while something
 * goes wrong.
 *
 * @param folder with the input, the output and the markers of the faults that happened
 */
record Trial(Path folder) {
  /** Executors in processes of their own, with one task slot each. */
  static final String CLUSTER = "local-cluster[2,1,1024]";

  /** All in the driver's process. */
  static final String ONE_PROCESS = "local[2]";

  private static final int FILES = 8;

  private static final List<Predictions> UNDISTURBED = new ArrayList<>();

  /** No file shares a partition. */
  private static final String PARTITION = "48k";

  /** Of a run of seconds, only the start of the processes is slow. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  /** Puts the samples into a directory, as files with the same number of rows. */
  static Trial in(Path folder) throws IOException {
    List<String> rows = Files.readAllLines(Script.projectHome().resolve("samples/reviews.jsonl"));
    Path input = Files.createDirectory(folder.resolve("input"));
    Files.createDirectory(folder.resolve("markers"));
    int each = (rows.size() + FILES - 1) / FILES;
    for (int i = 0; i < FILES; i++) {
      int end = Math.min(rows.size(), (i + 1) * each);
      Files.write(input.resolve("texts-" + i + ".jsonl"), rows.subList(i * each, end));
    }
    return new Trial(folder);
  }

  /** The samples as scored when nothing goes wrong; once for all tests. */
  Predictions undisturbed() throws IOException, InterruptedException {
    synchronized (UNDISTURBED) {
      if (UNDISTURBED.isEmpty()) {
        score("undisturbed", settings(ONE_PROCESS)).assertDone();
        UNDISTURBED.add(Predictions.of(run("undisturbed")));
      }
      return UNDISTURBED.get(0);
    }
  }

  Path output() {
    return folder.resolve("output");
  }

  Path run(String id) {
    return output().resolve("run=" + id);
  }

  Path markers() {
    return folder.resolve("markers");
  }

  Processes processes() {
    return new Processes(folder.toString());
  }

  /** Settings of Spark under which some faults happen, once each. */
  Map<String, String> settings(String master, Fault... faults) {
    Map<String, String> settings = new LinkedHashMap<>();
    String tests = Script.projectHome().resolve("target/test-classes").toString();
    settings.put("spark.master", master);
    settings.put("spark.driver.extraClassPath", tests);
    settings.put("spark.executor.extraClassPath", tests);
    settings.put("spark.executor.extraJavaOptions", QUICK_START + " -Dtrial=" + folder);
    settings.put("spark.sql.files.maxPartitionBytes", PARTITION);
    settings.put("spark.sql.files.openCostInBytes", PARTITION);
    settings.put("spark.hadoop.fs.file.impl", FaultyDisk.class.getName());
    settings.put(
        "spark.hadoop." + Fault.NAMES,
        Arrays.stream(faults).map(Fault::name).collect(Collectors.joining(",")));
    settings.put("spark.hadoop." + Fault.MARKERS, markers().toString());
    return settings;
  }

  /** Scores into run {@code id}. */
  Script.Ended score(String id, Map<String, String> settings, String... options)
      throws IOException, InterruptedException {
    return Script.in(folder).score(arguments(id, settings, options));
  }

  /** Starts to score into run {@code id}. */
  Process start(String id, Map<String, String> settings, String... options) throws IOException {
    return Script.in(folder).start(arguments(id, settings, options));
  }

  private static String[] arguments(String id, Map<String, String> settings, String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--input", "input", "--output", "output", "--run-id", id));
    arguments.addAll(List.of("--batch-size", "8"));
    arguments.addAll(List.of("--dtype", "float32")); // bfloat16 depends on what shares a batch
    arguments.addAll(List.of(options));
    arguments.add("--");
    settings.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    return arguments.toArray(String[]::new);
  }

  /** Waits until a fault has happened, or a process has ended. */
  void await(Fault fault, Process process) throws InterruptedException {
    while (process.isAlive() && !Files.exists(fault.marker(markers()))) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Checks that there is nothing of a run to see. */
  void assertInvisible(String id) {
    assertThat(run(id)).doesNotExist();
  }

  /** Checks that the next run, of whatever id, takes away all that was left. */
  void assertNextRunClears() {
    RunDirectory.begin(new Configuration(), output().toString(), "next", false).close();
    assertThat(RunWatcher.names(output())).allMatch(name -> name.startsWith("run="));
  }

  /** Removes a published run and the markers. */
  void forget(String id) throws IOException {
    try (Stream<Path> files = Files.list(markers())) {
      for (Path marker : files.toList()) {
        Files.delete(marker);
      }
    }
    Fault.delete(run(id));
  }
}
