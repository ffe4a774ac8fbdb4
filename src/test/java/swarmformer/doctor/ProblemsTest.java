package swarmformer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ProblemsTest {
  private static final long PLENTY = 10L << 30;

  private static Environment around(String name, String java, String driver, long diskBytes) {
    return new Environment(
        name, "host", java, "4.1.0", "2.36", "abc", driver, PLENTY, PLENTY, diskBytes);
  }

  private static Environment around(String name) {
    return around(name, "17", "", PLENTY);
  }

  private static Engine engine(String device, List<String> gpus, int threads, String failure) {
    return new Engine("2.7.1 cpu", device, gpus, threads, "/natives", "def", failure);
  }

  private static Engine cpu() {
    return engine("cpu()", List.of(), 2, "");
  }

  private static ExecutorReport executor(Environment around, Engine engine, double clockSeconds) {
    return new ExecutorReport(
        around, engine, 4, 2, clockSeconds, new TreeMap<>(Map.of(256, 100.0)), 900, 100);
  }

  private static List<Problem> problems(Environment driver, ExecutorReport... executors) {
    return Problems.of(new ExecutorCheck.Result(driver, List.of(executors)));
  }

  @Test
  void areNoneWhereAllIsWell() {
    assertThat(
            problems(
                around("driver"),
                executor(around("1"), cpu(), 1.9),
                executor(around("2"), cpu(), -1.9)))
        .isEmpty();
  }

  @Test
  void areDevicesThatCannotBeUsed() {
    Engine none = engine("", List.of(), 0, "Cannot use a GPU.");
    assertThat(problems(around("driver"), executor(around("1"), none, 0)))
        .containsExactly(new Problem(Problem.Kind.DEVICE, "Executor 1 on host: Cannot use a GPU."));
  }

  @Test
  void areGpusThatSparkGaveInVain() {
    Engine idle = engine("cpu()", List.of("3"), 2, "");
    assertThat(problems(around("driver"), executor(around("1"), idle, 0)))
        .containsExactly(
            new Problem(
                Problem.Kind.DOUBT,
                "Executor 1 on host computes on cpu(), though Spark gave it GPU 3. The CPU natives are in the way: leave them out and set PYTORCH_LIBRARY_PATH to libtorch for CUDA."));
  }

  @Test
  void areGpusThatNobodyUses() {
    Engine blind = new Engine("2.7.1 cu128", "cpu()", List.of(), 2, "/natives", "def", "");
    assertThat(problems(around("driver"), executor(around("1", "17", "535.1", PLENTY), blind, 0)))
        .containsExactly(
            new Problem(
                Problem.Kind.DOUBT,
                "Executor 1 on host computes on cpu(), though its machine has an NVIDIA driver (535.1). Check nvidia-smi there, and that the container may use the GPU."));
  }

  @Test
  void areDisksWithoutRoom() {
    assertThat(problems(around("driver", "17", "", 100L << 20), executor(around("1"), cpu(), 0)))
        .containsExactly(
            new Problem(
                Problem.Kind.DISK,
                "The driver has 100 MB left where Spark keeps its files. Free some, or set spark.local.dir."));
  }

  @Test
  void areDifferences() {
    assertThat(
            problems(
                around("driver"),
                executor(around("1", "21", "", PLENTY), cpu(), 0),
                executor(around("2"), cpu(), 0)))
        .containsExactly(
            new Problem(
                Problem.Kind.DOUBT,
                "Java is not the same everywhere: 17 on driver, 2; 21 on 1. Use the same JDK on all machines."));
  }

  @Test
  void areDifferentLibtorches() {
    Engine other = new Engine("2.6.0 cpu", "cpu()", List.of(), 2, "/natives", "def", "");
    assertThat(
            problems(
                around("driver"), executor(around("1"), cpu(), 0), executor(around("2"), other, 0)))
        .containsExactly(
            new Problem(
                Problem.Kind.DOUBT,
                "PyTorch is not the same everywhere: 2.6.0 cpu on 2; 2.7.1 cpu on 1. Use the same libtorch everywhere."));
  }

  @Test
  void areToldOnceOfADriverThatIsTheExecutor() {
    Environment before = around("driver", "17", "", 100L << 20);
    Environment after = around("driver", "17", "", 99L << 20);
    assertThat(problems(before, executor(after, cpu(), 0)))
        .containsExactly(
            new Problem(
                Problem.Kind.DISK,
                "The driver has 99 MB left where Spark keeps its files. Free some, or set spark.local.dir."));
  }

  @Test
  void areClocks() {
    assertThat(problems(around("driver"), executor(around("1"), cpu(), -2.5)))
        .containsExactly(
            new Problem(
                Problem.Kind.DOUBT,
                "The clock of Executor 1 on host is -2.5 s off the driver's: times of batches will not fit. Let NTP set it."));
  }

  @Test
  void areTooManyThreads() {
    Engine greedy = engine("cpu()", List.of(), 4, "");
    assertThat(problems(around("driver"), executor(around("1"), greedy, 0)))
        .containsExactly(
            new Problem(
                Problem.Kind.DOUBT,
                "Executor 1 on host runs 2 tasks with 4 threads each on 4 cores. Leave ai.djl.pytorch.num_threads alone and let spark.task.cpus divide spark.executor.cores."));
  }
}
