package swarmformer.doctor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.status.api.v1.ExecutorSummary;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.cluster.ApplicationExecutors;
import swarmformer.cluster.Question;
import swarmformer.scoring.BroadcastModel;
import swarmformer.scoring.ScoringSettings;

/** Examines the driver and every executor of an application. */
public final class ExecutorCheck {
  /** Executors have numbers for names. */
  private static final Comparator<String> BY_NUMBER =
      Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder());

  private final SparkSession spark;
  private final ApplicationExecutors executors;
  private final ModelFiles model;
  private final ScoringSettings settings;

  /** An action that tries a model that was checked, as a run with these settings would. */
  public ExecutorCheck(SparkSession spark, ModelFiles model, ScoringSettings settings) {
    this.spark = spark;
    this.executors = new ApplicationExecutors(spark);
    this.model = model;
    this.settings = settings;
  }

  /**
   * What was found.
   *
   * @param driver around the driver
   * @param executors all of them, by name; in local mode the one that is also the driver
   */
  public record Result(Environment driver, List<ExecutorReport> executors) {
    /** Whether the driver is among the executors, as in local mode. */
    public boolean isLocal() {
      return executors.stream().anyMatch(executor -> executor.environment().isDriver());
    }

    /** Around every process, once: the driver first. */
    public Stream<Environment> processes() {
      return Stream.concat(
          isLocal() ? Stream.empty() : Stream.of(driver),
          executors.stream().map(ExecutorReport::environment));
    }
  }

  /** Examines the executors that are there. Takes about ten seconds, and all task slots. */
  public Result execute() {
    List<SlotExamination.Result> slots =
        executors.askSlots(new SlotExamination(BroadcastModel.of(spark, model), settings));
    return new Result(Environment.look(), executors(slots, clockSeconds()));
  }

  /** How far each clock is ahead, to within half the time that asking took. */
  private Map<String, Double> clockSeconds() {
    long asked = System.currentTimeMillis();
    Map<String, Long> times = executors.askEach(new TellTime());
    double middle = (asked + System.currentTimeMillis()) / 2.0;
    Map<String, Double> seconds = new HashMap<>();
    times.forEach((executor, millis) -> seconds.put(executor, (millis - middle) / 1_000));
    return seconds;
  }

  private List<ExecutorReport> executors(
      List<SlotExamination.Result> slots, Map<String, Double> clocks) {
    Map<String, List<SlotExamination.Result>> byName =
        slots.stream()
            .collect(
                Collectors.groupingBy(
                    slot -> slot.environment().executor(),
                    () -> new TreeMap<>(BY_NUMBER),
                    Collectors.toList()));
    Map<String, Integer> cores =
        this.executors.present().stream()
            .collect(Collectors.toMap(ExecutorSummary::id, ExecutorSummary::totalCores));
    List<ExecutorReport> found = new ArrayList<>();
    byName.forEach(
        (name, own) ->
            found.add(
                executor(
                    own, cores.getOrDefault(name, own.size()), clocks.getOrDefault(name, 0.0))));
    return found;
  }

  private static ExecutorReport executor(
      List<SlotExamination.Result> slots, int cores, double clockSeconds) {
    SlotExamination.Result last = slots.get(slots.size() - 1);
    SortedMap<Integer, Double> rates = new TreeMap<>();
    long process = 0;
    long outsideHeap = 0;
    for (SlotExamination.Result slot : slots) {
      slot.trial().textsPerSecond().forEach((batch, rate) -> rates.merge(batch, rate, Double::sum));
      process = Math.max(process, slot.trial().processBytes());
      outsideHeap = Math.max(outsideHeap, slot.trial().processBytes() - slot.trial().heapBytes());
    }
    return new ExecutorReport(
        last.environment(),
        last.engine(),
        cores,
        slots.size(),
        clockSeconds,
        rates,
        process,
        outsideHeap);
  }

  /** Tells what the clock of an executor shows, in milliseconds. */
  private static final class TellTime implements Question<Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long answer() {
      return System.currentTimeMillis();
    }
  }
}
