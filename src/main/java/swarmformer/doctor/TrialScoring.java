package swarmformer.doctor;

import ai.djl.Device;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.model.ProcessMemory;
import swarmformer.scoring.ScoringSettings;
import swarmformer.scoring.TrialPartition;

/**
 * What scoring made-up texts took in one task.
 *
 * @param textsPerSecond for each batch size that was tried
 * @param processBytes memory of the process afterwards; 0 where the system does not tell
 * @param heapBytes the part of it that is the heap
 */
record TrialScoring(SortedMap<Integer, Double> textsPerSecond, long processBytes, long heapBytes)
    implements Serializable {
  private static final int[] CPU_BATCHES = {64, 256};
  private static final int[] GPU_BATCHES = {256, 1_024, 4_096};
  private static final int TEXTS = 4_096;
  private static final long LONG_ENOUGH_NANOS = 1_500_000_000;

  /** A task that scored nothing. */
  static final TrialScoring NONE = new TrialScoring(new TreeMap<>(), 0, 0);

  /** Scores on the device of the task of this thread until each batch size has had its time. */
  static TrialScoring run(ModelFiles model, ScoringSettings settings, Device device) {
    int[] batches = device.isGpu() ? GPU_BATCHES : CPU_BATCHES;
    List<String> texts = MadeUpTexts.of(TEXTS).toList();
    textsPerSecond(model, settings.withBatchSize(batches[0]), texts, 0); // warms up
    SortedMap<Integer, Double> rates = new TreeMap<>();
    for (int batch : batches) {
      rates.put(
          batch, textsPerSecond(model, settings.withBatchSize(batch), texts, LONG_ENOUGH_NANOS));
    }
    Long process = ProcessMemory.residentBytes();
    return new TrialScoring(rates, process == null ? 0 : process, ProcessMemory.heapBytes());
  }

  private static double textsPerSecond(
      ModelFiles model, ScoringSettings settings, List<String> texts, long nanos) {
    Iterator<String> endless = Stream.generate(texts::stream).flatMap(each -> each).iterator();
    return TrialPartition.textsPerSecond(model, settings, endless, nanos);
  }
}
