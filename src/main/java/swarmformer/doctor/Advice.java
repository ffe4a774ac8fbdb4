package swarmformer.doctor;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings that suit what was measured.
 *
 * @param batchSize the usual one, or another with which scoring was clearly faster
 * @param partitions three for each task slot, so that a slow one does not hold up the end
 * @param memoryOverheadMb memory of an executor outside its heap
 * @param textsPerSecond of all executors with this batch size
 */
public record Advice(int batchSize, int partitions, long memoryOverheadMb, double textsPerSecond) {
  /** What {@code --batch-size} is by default. */
  private static final int USUAL_BATCH = 256;

  private static final double CLEARLY_FASTER = 1.1;
  private static final int FOR_EACH_SLOT = 3;

  /** Texts may be longer than those of the trial, and memory in pieces. */
  private static final double RESERVE = 1.25;

  private static final int STEP_MB = 256;

  /** What follows from a checkup in which at least one executor has scored. */
  public static Advice of(List<ExecutorReport> executors) {
    Map<Integer, Double> rates = new TreeMap<>();
    executors.forEach(
        e -> e.textsPerSecond().forEach((size, rate) -> rates.merge(size, rate, Double::sum)));
    int fastest = Collections.max(rates.keySet(), Comparator.comparing(rates::get));
    double usual = rates.getOrDefault(USUAL_BATCH, 0.0);
    int chosen = rates.get(fastest) > CLEARLY_FASTER * usual ? fastest : USUAL_BATCH;
    long outsideHeap =
        executors.stream().mapToLong(ExecutorReport::nativeBytes).max().orElseThrow();
    return new Advice(
        chosen,
        FOR_EACH_SLOT * executors.stream().mapToInt(ExecutorReport::slots).sum(),
        roundUp(outsideHeap * RESERVE / (1 << 20)),
        rates.get(chosen));
  }

  private static long roundUp(double mb) {
    return STEP_MB * (long) Math.ceil(mb / STEP_MB);
  }
}
