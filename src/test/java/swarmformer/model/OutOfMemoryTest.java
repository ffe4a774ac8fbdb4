package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.bench.Benchmark;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.SafetensorsFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.errors.DeviceException;
import swarmformer.errors.DeviceMemoryException;
import swarmformer.tokens.Tokens;

/** A program that fails above 3,000 positions, as a GPU does whose memory is full. */
final class OutOfMemoryTest {
  @BeforeAll
  static void startEngine() {
    TorchEngine.start(1);
  }

  @Test
  void computesFewerRowsAtOnceAndRemembersIt() {
    Checkpoint checkpoint = checkpoint(256);
    int[][] rows = rows(60, 256);
    try (SwarmFormer scarce = load(checkpoint, "scarce.py");
        SwarmFormer plain = load(checkpoint, Products.PLAIN)) {
      float[][] logits = scarce.logits(rows).rows();
      float[][] expected = plain.logits(rows).rows();
      for (int row = 0; row < rows.length; row++) {
        assertThat(logits[row]).containsExactly(expected[row], within(1e-5f));
      }
      assertThat(scarce.microBatch()).isBetween(1_500, 3_000);
      int remembered = scarce.microBatch();
      scarce.logits(rows);
      assertThat(scarce.microBatch()).isEqualTo(remembered);
    }
  }

  @Test
  void givesNullForARowThatDoesNotFitAlone() {
    Checkpoint checkpoint = checkpoint(4_096);
    int[][] rows = {{5, 6, 7}, new Random(3).ints(4_000, 0, 60).toArray(), {8}};
    try (SwarmFormer scarce = load(checkpoint, "scarce.py")) {
      float[][] logits = scarce.logits(rows).rows();
      assertThat(logits[0]).hasSize(2);
      assertThat(logits[1]).isNull();
      assertThat(logits[2]).hasSize(2);
    }
  }

  @Test
  void measuresNoTextsThatDoNotFit() {
    try (SwarmFormer scarce = load(checkpoint(4_096), "scarce.py")) {
      Tokens tooLong = new Tokens(new Random(3).ints(4_000, 0, 60).toArray(), false);
      Benchmark benchmark =
          new Benchmark(List.of("long"), text -> tooLong, scarce, 1, 1, new Semaphore(1), 1);
      assertThatThrownBy(benchmark::execute)
          .isInstanceOf(DeviceException.class)
          .hasMessage(
              "Cannot measure: the device has no memory for the longest text alone. Free some.");
    }
  }

  @Test
  void doesNotCompareNumberFormatsWithoutMemory() {
    Checkpoint checkpoint = checkpoint(4_096);
    assertThatThrownBy(() -> Bfloat16.agrees(checkpoint, Device.cpu(), "scarce.py"))
        .isInstanceOf(DeviceMemoryException.class)
        .hasMessageStartingWith(
            "Cannot load the model: there is no free memory on the CPU (for texts to compare bfloat16 with float32). ");
  }

  @Test
  void saysThatThereIsNoMemoryForTheModel() {
    Checkpoint checkpoint = checkpoint(256);
    assertThatThrownBy(() -> load(checkpoint, "full.py"))
        .isInstanceOf(DeviceMemoryException.class)
        .hasMessageStartingWith("Cannot load the model: there is no free memory on the CPU (")
        .hasMessageContaining("CUBLAS_STATUS_NOT_INITIALIZED")
        .hasMessageEndingWith(
            "). Give the process more; on a cluster, raise spark.executor.memoryOverhead.");
    assertThat(DeviceMemory.noneOn(Device.gpu(2), "CUDA out of memory", null))
        .hasMessage(
            "Cannot load the model: there is no free memory on GPU 2 (CUDA out of memory). Stop what else uses it, which nvidia-smi lists, or use --device cpu.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA out of memory. Tried to allocate 2.00 MiB",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "[enforce fail at alloc_cpu.cpp:119] DefaultCPUAllocator: can't allocate memory"
      })
  void knowsWhatPyTorchSaysOfMemory(String message) {
    assertThat(DeviceMemory.isExhausted(new EngineException(message))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CUDA error: CUBLAS_STATUS_EXECUTION_FAILED", "index out of range"})
  void takesNoOtherFailureForIt(String message) {
    assertThat(DeviceMemory.isExhausted(new EngineException(message))).isFalse();
  }

  private static SwarmFormer load(Checkpoint checkpoint, String products) {
    return new SwarmFormer(
        checkpoint, Device.cpu(), Precision.FLOAT32, products, Integer.MAX_VALUE);
  }

  private static Checkpoint checkpoint(int length) {
    SwarmFormerConfig config = new SwarmFormerConfig(60, 8, length, 4, 1, 1, List.of());
    return SafetensorsFiles.checkpoint(config, 2, Dtype.F32);
  }

  private static int[][] rows(int count, int longest) {
    Random random = new Random(2);
    return IntStream.range(0, count)
        .mapToObj(row -> random.ints(1 + random.nextInt(longest), 0, 60).toArray())
        .toArray(int[][]::new);
  }
}
