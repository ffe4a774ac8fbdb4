package swarmformer.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import swarmformer.bench.Benchmark;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.data.Failures;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;
import swarmformer.scoring.ExecutorState;
import swarmformer.scoring.ScoringSettings;
import swarmformer.tokens.Tokens;

/** Times tokenizer and network on a user's texts, and the whole job. */
@Command(
    name = "jobs/bench.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = "${COMMAND-NAME} --input PATH... [OPTION...]",
    description = {
      "Times the tokenizer, the network and both, on one machine and without Spark;",
      "with --spark also the complete job on the same texts."
    },
    footer = {"", "Exit codes: 0 done, 1 a bug, 2 usage, 3 input or output, 4 model, 5 device."})
public final class Bench implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private InputOptions input;
  @Mixin private ModelOptions model;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Texts to use, from the start. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Number of threads, one per core. Default: all cores.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Measurements after warm-up. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(names = "--spark", description = "Also time the complete job in Spark.")
  private boolean job;

  @Option(names = "--json", description = "End with one line of JSON.")
  private boolean json;

  /** Runs the benchmark and ends the JVM with its exit code. */
  public static void main(String... arguments) {
    Program.main(new Bench(), arguments);
  }

  @Override
  public Integer call() throws IOException {
    Program.refuseClashes(spec, input.clashes(), model.clashes(), clashes());
    ModelFiles files = new Checkpoints(SparkJob.hadoop(), System.getenv()).read(model.model);
    Checkpoint checkpoint = Checkpoint.parse(files);
    model.refuseSmallVocabulary(checkpoint.config());
    try (SparkSession spark = SparkJob.open("bench")) {
      List<String> texts = texts(spark, checkpoint);
      Benchmark.Result pieces = measure(texts, checkpoint, model.precision(spark, files));
      print(
          texts,
          pieces,
          job
              ? Optional.of(new JobBenchmark(spark, model, runs).execute(texts))
              : Optional.empty());
    }
    return ExitCode.DONE;
  }

  private List<String> clashes() {
    List<String> clashes = new ArrayList<>();
    if (limit < 1 || threads < 1 || runs < 1) {
      clashes.add("--limit, --threads and --runs must be at least 1.");
    }
    if (input.idsColumn.isPresent()) {
      clashes.add("--ids-col does not go with a benchmark of texts.");
    }
    return clashes;
  }

  private List<String> texts(SparkSession spark, Checkpoint checkpoint) {
    List<String> texts;
    try {
      texts =
          Texts.read(spark, input.source(), checkpoint.classNames())
              .rows()
              .where(Texts.CONTENT + " IS NOT NULL")
              .select(Texts.CONTENT)
              .limit(limit)
              .as(Encoders.STRING())
              .collectAsList();
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofReading(input.source().name(), e);
    }
    if (texts.isEmpty()) {
      throw new InputException(
          "Cannot measure with " + input.source().name() + ": it holds no texts. Set --input.");
    }
    return texts;
  }

  private Benchmark.Result measure(List<String> texts, Checkpoint checkpoint, Precision precision) {
    TorchEngine.start(1);
    try (SwarmFormer network =
        SwarmFormer.load(
            checkpoint, TorchEngine.device(model.device), precision, model.microBatch)) {
      SwarmFormerConfig config = checkpoint.config();
      Function<String, Tokens> tokenizer =
          model.tokenizer().tokenizer(config.seqLen(), config.truncationSide());
      int rows = model.batchSize * ScoringSettings.windowBatches(network.device());
      Semaphore permits =
          ExecutorState.ofJvm().permits(network.device(), model.devicePermits); // as in a run
      return new Benchmark(texts, tokenizer, network, rows, threads, permits, runs).execute();
    }
  }

  private void print(
      List<String> texts, Benchmark.Result result, Optional<JobBenchmark.Seconds> whole)
      throws IOException {
    BenchText.print(texts.size(), threads, model, result, spec.commandLine().getOut());
    whole.ifPresent(
        seconds -> BenchText.print(texts.size(), result, seconds, spec.commandLine().getOut()));
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("texts", texts.size());
      line.put("threads", threads);
      line.put("dtype", result.precision().toString());
      line.put("tokenise_per_s", result.tokenise().median());
      line.put("model_per_s", result.model().median());
      line.put("end_to_end_per_s", result.endToEnd().median());
      line.put("gflops", result.gflops().median());
      line.put("matmul_gflops", result.matmulGflops().median());
      whole.ifPresent(seconds -> line.put("job_seconds", seconds.job().median()));
      spec.commandLine().getOut().println(new ObjectMapper().writeValueAsString(line));
    }
    spec.commandLine().getOut().flush();
  }
}
