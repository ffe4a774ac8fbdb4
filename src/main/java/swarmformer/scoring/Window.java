package swarmformer.scoring;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows that were read together. Their batches are cut from the rows sorted by length, so that rows
 * of about the same length are computed together.
 *
 * @param items the rows, in the order of the input
 * @param readMs time to read and tokenise them
 */
record Window(List<RowReader.Item> items, double readMs) {
  /**
   * Indices of the rows of each batch, the longest rows first; those that cannot be scored come
   * last. Every row is in one batch.
   *
   * @param batchSize greatest number of rows of a batch
   */
  List<int[]> batches(int batchSize) {
    int[] sorted =
        IntStream.range(0, items.size())
            .boxed()
            .sorted(Comparator.comparingInt(row -> -items.get(row).length()))
            .mapToInt(Integer::intValue)
            .toArray();
    return IntStream.iterate(0, from -> from < sorted.length, from -> from + batchSize)
        .mapToObj(
            from -> Arrays.copyOfRange(sorted, from, Math.min(sorted.length, from + batchSize)))
        .toList();
  }
}
