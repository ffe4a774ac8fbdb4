package swarmformer.doctor;

import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import swarmformer.model.ProcessMemory;
import swarmformer.model.SwarmFormer;
import swarmformer.tokens.Tokens;

/**
 * What scoring made-up texts took in one task.
 *
 * @param textsPerSecond for each batch size that was tried
 * @param processBytes memory of the process afterwards; 0 where the system does not tell
 * @param heapBytes the part of it that is in use on the heap
 */
record TrialScoring(SortedMap<Integer, Double> textsPerSecond, long processBytes, long heapBytes)
    implements Serializable {
  private static final int[] CPU_BATCHES = {64, 256};
  private static final int[] GPU_BATCHES = {256, 1_024, 4_096};
  private static final long LONG_ENOUGH_NANOS = 1_500_000_000;

  /** A task that scored nothing. */
  static final TrialScoring NONE = new TrialScoring(new TreeMap<>(), 0, 0);

  /** Scores until each batch size has had its time. */
  static TrialScoring run(SwarmFormer network, Function<String, Tokens> tokenizer) {
    int[] batches = network.device().isGpu() ? GPU_BATCHES : CPU_BATCHES;
    score(network, tokenizer, batches[0]); // warms up
    SortedMap<Integer, Double> rates = new TreeMap<>();
    for (int batch : batches) {
      rates.put(batch, textsPerSecond(network, tokenizer, batch));
    }
    Long process = ProcessMemory.residentBytes();
    Runtime heap = Runtime.getRuntime();
    return new TrialScoring(
        rates, process == null ? 0 : process, heap.totalMemory() - heap.freeMemory());
  }

  private static double textsPerSecond(
      SwarmFormer network, Function<String, Tokens> tokenizer, int batch) {
    long start = System.nanoTime();
    long texts = 0;
    while (System.nanoTime() - start < LONG_ENOUGH_NANOS) {
      score(network, tokenizer, batch);
      texts += batch;
    }
    return texts * 1e9 / (System.nanoTime() - start);
  }

  private static void score(SwarmFormer network, Function<String, Tokens> tokenizer, int batch) {
    int[][] ids =
        MadeUpTexts.of(batch).map(text -> tokenizer.apply(text).ids()).toArray(int[][]::new);
    network.logits(ids);
  }
}
