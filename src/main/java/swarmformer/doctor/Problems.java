package swarmformer.doctor;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Names what is wrong with what was found. */
public final class Problems {
  private static final double CLOCK_SECONDS = 2;
  private static final long DISK_BYTES = 1L << 30;

  private final ExecutorCheck.Result found;
  private final List<Problem> problems = new ArrayList<>();

  private Problems(ExecutorCheck.Result found) {
    this.found = found;
  }

  /** All that is wrong, the gravest first. */
  public static List<Problem> of(ExecutorCheck.Result found) {
    Problems problems = new Problems(found);
    problems.devices();
    problems.disks();
    problems.differences();
    problems.clocks();
    problems.threads();
    return problems.problems;
  }

  private void devices() {
    for (ExecutorReport executor : found.executors()) {
      Engine engine = executor.engine();
      boolean onGpu = engine.device().startsWith("gpu");
      if (!engine.failure().isEmpty()) {
        add(Problem.Kind.DEVICE, "%s: %s", name(executor), engine.failure());
      } else if (!engine.gpus().isEmpty() && !onGpu) {
        add(
            Problem.Kind.DOUBT,
            "%s computes on %s, though Spark gave it GPU %s. %s",
            name(executor),
            engine.device(),
            String.join(", ", engine.gpus()),
            remedy(executor));
      } else if (!executor.environment().gpuDriver().isEmpty() && !onGpu) {
        add(
            Problem.Kind.DOUBT,
            "%s computes on %s, though its machine has an NVIDIA driver (%s). %s",
            name(executor),
            engine.device(),
            executor.environment().gpuDriver(),
            remedy(executor));
      }
    }
  }

  private static String remedy(ExecutorReport executor) {
    return executor.engine().pytorch().endsWith("cpu")
        ? "The CPU natives are in the way: leave them out and set PYTORCH_LIBRARY_PATH to libtorch for CUDA."
        : "Check nvidia-smi there, and that the container may use the GPU.";
  }

  private void disks() {
    found
        .processes()
        .filter(process -> process.freeDiskBytes() < DISK_BYTES)
        .forEach(
            process ->
                add(
                    Problem.Kind.DISK,
                    "%s has %,d MB left where Spark keeps its files. Free some, or set spark.local.dir.",
                    name(process),
                    process.freeDiskBytes() >> 20));
  }

  private void differences() {
    differ("Java", "the same JDK on all machines", namesOf(Environment::java));
    differ("Spark", "the same Spark on all machines", namesOf(Environment::spark));
    differ("glibc", "the same system or image on all machines", namesOf(Environment::glibc));
    differ(
        "jar",
        "the same swarmformer-spark jar everywhere, none in Spark's own jars",
        namesOf(Environment::jar));
    differ(
        "PyTorch",
        "the same libtorch everywhere",
        found.executors().stream()
            .filter(executor -> !executor.engine().pytorch().isEmpty())
            .collect(
                groupingBy(
                    executor -> executor.engine().pytorch(),
                    mapping(executor -> executor.environment().executor(), toList()))));
  }

  private Map<String, List<String>> namesOf(Function<Environment, String> fact) {
    return found.processes().collect(groupingBy(fact, mapping(Environment::executor, toList())));
  }

  private void differ(String what, String wanted, Map<String, List<String>> namesOf) {
    if (namesOf.size() > 1) {
      List<String> texts = new ArrayList<>();
      new TreeMap<>(namesOf)
          .forEach((value, names) -> texts.add(value + " on " + String.join(", ", names)));
      add(
          Problem.Kind.DOUBT,
          "%s is not the same everywhere: %s. Use %s.",
          what,
          String.join("; ", texts),
          wanted);
    }
  }

  private void clocks() {
    for (ExecutorReport executor : found.executors()) {
      if (Math.abs(executor.clockSeconds()) > CLOCK_SECONDS) {
        add(
            Problem.Kind.DOUBT,
            "The clock of %s is %.1f s off the driver's: times of batches will not fit. Let NTP set it.",
            name(executor),
            executor.clockSeconds());
      }
    }
  }

  private void threads() {
    for (ExecutorReport executor : found.executors()) {
      int used = executor.slots() * executor.engine().threads();
      if (executor.engine().device().equals("cpu()") && used != executor.cores()) {
        add(
            Problem.Kind.DOUBT,
            "%s runs %d tasks with %d threads each on %d cores. Leave ai.djl.pytorch.num_threads alone and let spark.task.cpus divide spark.executor.cores.",
            name(executor),
            executor.slots(),
            executor.engine().threads(),
            executor.cores());
      }
    }
  }

  private static String name(ExecutorReport executor) {
    return name(executor.environment()) + " on " + executor.environment().host();
  }

  private static String name(Environment process) {
    return process.isDriver() ? "The driver" : "Executor " + process.executor();
  }

  private void add(Problem.Kind kind, String format, Object... values) {
    problems.add(new Problem(kind, String.format(Locale.ROOT, format, values)));
  }
}
