package swarmformer.model;

import ai.djl.Device;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.SafetensorsFiles;
import swarmformer.checkpoint.SwarmFormerConfig;

/** The network with random weights, in texts a second, by what it is given and how it is run. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class SwarmFormerBenchmark {
  private static final int ROWS = 32;

  @Param({"small", "base"})
  String size;

  @Param({"FLOAT32", "BFLOAT16"})
  Precision precision;

  @Param({Products.PLAIN, Products.ONEDNN})
  String products;

  /** Positions at once. */
  @Param({"1024", "2048", "4096"})
  int microBatch;

  /** Tokens of each text, cut to the network's length. */
  @Param({"60", "200", "768"})
  int tokens;

  private SwarmFormer network;
  private int[][] rows;

  @Setup
  public void load() {
    TorchEngine.start(1);
    SwarmFormerConfig config =
        size.equals("small")
            ? new SwarmFormerConfig(30_522, 128, 256, 8, 2, 3, List.of())
            : new SwarmFormerConfig(30_522, 192, 768, 4, 2, 3, List.of());
    Checkpoint checkpoint = SafetensorsFiles.checkpoint(config, 2, Dtype.F32);
    network = new SwarmFormer(checkpoint, Device.cpu(), precision, products, microBatch);
    Random random = new Random(1);
    rows =
        IntStream.range(0, ROWS)
            .mapToObj(
                row ->
                    random.ints(Math.min(tokens, config.seqLen()), 0, config.vocabSize()).toArray())
            .toArray(int[][]::new);
  }

  @TearDown
  public void close() {
    network.close();
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public Logits logits() {
    return network.logits(rows);
  }
}
