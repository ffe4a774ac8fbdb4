package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.errors.ErrorCode;
import swarmformer.model.Cuda;

/** Two executors of their own: what each has and does once. */
@Tag("long")
class ClusterIT {
  private static final Path HOME = Script.projectHome();
  private static final String NO_DRIVER =
      "Cannot use a GPU: there is no NVIDIA driver (neither /proc/driver/nvidia nor libcuda.so.1). Check the machine with nvidia-smi, or use --device cpu.";

  @TempDir Path folder;

  @Test
  void loadsTheModelOnceOnEachExecutorAndShowsItsFigures() throws Exception {
    score(
            List.of("--device", "cpu", "--partitions", "40"),
            Map.of(
                "spark.master", "local-cluster[2,1,1024]",
                "spark.plugins", "swarmformer.scoring.SwarmFormerPlugin",
                "spark.swarmformer.warm", "true",
                "spark.metrics.conf.executor.sink.csv.class",
                    "org.apache.spark.metrics.sink.CsvSink",
                "spark.metrics.conf.executor.sink.csv.period", "1",
                "spark.metrics.conf.executor.sink.csv.directory",
                    Files.createDirectory(folder.resolve("figures")).toString()))
        .assertDone();
    List<Row> batches = read("batches");
    assertThat(batches.stream().map(row -> row.<Integer>getAs("partition")).distinct()).hasSize(40);
    assertThat(batches.stream().map(row -> row.<String>getAs("executor")).distinct())
        .containsExactlyInAnyOrder("0", "1");
    assertThat(read("metrics").get(0).<Long>getAs("model_loads")).isEqualTo(2);
    for (String executor : List.of("0", "1")) {
      assertThat(lastFigure(executor, "modelLoads")).isEqualTo(1);
      for (String name : List.of("texts", "tokens", "batchLatency", "deviceWait", "processBytes")) {
        assertThat(lastFigure(executor, name)).as(name).isPositive();
      }
      assertThat(lastFigure(executor, "deviceBytes")).isZero();
    }
  }

  /** The count or value in the last line that an executor has written of a metric. */
  private double lastFigure(String executor, String name) throws IOException {
    String end = "." + executor + ".plugin.swarmformer.scoring.SwarmFormerPlugin." + name + ".csv";
    try (Stream<Path> files = Files.list(folder.resolve("figures"))) {
      Path file = files.filter(path -> path.toString().endsWith(end)).findFirst().orElseThrow();
      List<String> lines = Files.readAllLines(file);
      return Double.parseDouble(lines.get(lines.size() - 1).split(",")[1]);
    }
  }

  @Test
  void recordsTheAddressesOfSparkAndFallsBackToTheCpu() throws Exception {
    assumeFalse(Cuda.expected(), "has a GPU");
    Path events = Files.createDirectory(folder.resolve("events"));
    Map<String, String> settings = fakeGpus();
    settings.putAll(
        Map.of(
            "spark.eventLog.enabled", "true",
            "spark.eventLog.dir", events.toUri().toString(),
            "spark.eventLog.compress", "false",
            "spark.eventLog.rolling.enabled", "false"));
    Script.Ended ended = score(List.of("--device", "auto", "--partitions", "6"), settings);
    ended.assertDone();
    assertThat(ended.out()).contains("Warning: scored on the CPU. " + NO_DRIVER);
    assertThat(ended.err()).doesNotContain("WARN", "Exception");
    Map<String, String> given = addressesGiven(events);
    assertThat(given).containsOnlyKeys("0", "1");
    assertThat(given.values()).containsExactlyInAnyOrder("0", "1");
    for (Row batch : read("batches")) {
      assertThat(batch.<String>getAs("device_address"))
          .isEqualTo(given.get(batch.getAs("executor")));
      assertThat(batch.<String>getAs("device")).isEqualTo("cpu");
    }
    Row metrics = read("metrics").get(0);
    assertThat(metrics.getList(metrics.fieldIndex("devices"))).isEqualTo(List.of("cpu"));
    assertThat(metrics.getList(metrics.fieldIndex("device_fallbacks")))
        .isEqualTo(List.of(NO_DRIVER));
  }

  /** The address of each executor, as Spark's own log has it. */
  private static Map<String, String> addressesGiven(Path events) throws IOException {
    Map<String, String> given = new TreeMap<>();
    try (Stream<Path> logs = Files.list(events)) {
      for (JsonNode event : Golden.lines(logs.findFirst().orElseThrow())) {
        if (event.path("Event").asText().equals("SparkListenerExecutorAdded")) {
          JsonNode gpus = event.at("/Executor Info/Resources/gpu/addresses");
          assertThat(gpus).hasSize(1);
          given.put(event.path("Executor ID").asText(), gpus.get(0).asText());
        }
      }
    }
    return given;
  }

  @Test
  void refusesAGpuThatCannotBeUsedBeforeAnyTaskFails() throws Exception {
    assumeFalse(Cuda.expected(), "has a GPU");
    Script.Ended ended = score(List.of("--device", "cuda"), fakeGpus());
    assertThat(ended.code()).as(ended.err()).isEqualTo(ErrorCode.DEVICE.exitCode());
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().strip())
        .startsWith(NO_DRIVER + " This is executor ")
        .doesNotContain("\n");
    assertThat(Files.readString(folder.resolve("logs/swarmformer.log")))
        .doesNotContain("Lost task", "DeviceException");
    assertThat(folder.resolve("out")).isEmptyDirectory();
  }

  /** One worker with two executors: two workers would both find the same addresses. */
  private Map<String, String> fakeGpus() throws IOException {
    Path script = folder.resolve("gpus.sh");
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.master", "local-cluster[1,2,4096]");
    settings.put("spark.executor.cores", "1");
    settings.put("spark.worker.resource.gpu.amount", "2");
    settings.put("spark.worker.resource.gpu.discoveryScript", script.toString());
    settings.put("spark.executor.resource.gpu.amount", "1");
    settings.put("spark.task.resource.gpu.amount", "1");
    return settings;
  }

  private Script.Ended score(List<String> options, Map<String, String> settings)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--input", HOME.resolve("samples/reviews.csv").toString()));
    arguments.addAll(List.of("--output", "out", "--run-id", "r"));
    arguments.addAll(options);
    arguments.addAll(List.of("--", "--conf", "spark.scheduler.minRegisteredResourcesRatio=1.0"));
    arguments.addAll(List.of("--conf", "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1"));
    settings.forEach((name, value) -> arguments.addAll(List.of("--conf", name + "=" + value)));
    return Script.in(folder).score(arguments.toArray(String[]::new));
  }

  private List<Row> read(String dataset) {
    String path = folder.resolve("out/run=r").resolve(dataset).toString();
    return LocalSpark.session().read().parquet(path).collectAsList();
  }
}
