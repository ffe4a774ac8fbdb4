package swarmformer.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * Rows that are read and computed together.
 *
 * @param rows the rows, in the order of the input
 * @param readMs time to read and tokenise them
 */
record BatchWindow(List<TokenizedRow> rows, double readMs) {
  /**
   * Indices of the rows of each batch, the longest rows first; those that cannot be scored come
   * last. Every row is in one batch.
   *
   * @param batchSize greatest number of rows of a batch
   */
  List<int[]> batches(int batchSize) {
    int[] sorted =
        IntStream.range(0, rows.size())
            .boxed()
            .sorted(Comparator.comparingInt(row -> -rows.get(row).length()))
            .mapToInt(Integer::intValue)
            .toArray();
    return IntStream.iterate(0, from -> from < sorted.length, from -> from + batchSize)
        .mapToObj(
            from -> Arrays.copyOfRange(sorted, from, Math.min(sorted.length, from + batchSize)))
        .toList();
  }

  /** Reads a partition window by window, lazily. */
  static final class Reader implements Iterator<BatchWindow> {
    /** What a window of several batches holds at most, beyond its first batch. */
    private static final long MAX_BYTES = 32L << 20;

    private final Iterator<Row> input;
    private final RowTokenizer tokenizer;
    private final int batchSize;
    private final int batches;

    /**
     * Reads windows of {@code batches} batches, or of fewer if their rows take more memory than is
     * good.
     */
    Reader(Iterator<Row> input, RowTokenizer tokenizer, int batchSize, int batches) {
      this.input = input;
      this.tokenizer = tokenizer;
      this.batchSize = batchSize;
      this.batches = batches;
    }

    @Override
    public boolean hasNext() {
      return input.hasNext();
    }

    @Override
    public BatchWindow next() {
      long start = System.nanoTime();
      List<TokenizedRow> rows = new ArrayList<>();
      long bytes = 0;
      do {
        TokenizedRow row = tokenizer.read(input.next());
        rows.add(row);
        bytes += row.bytes();
      } while (input.hasNext() && hasRoom(rows.size(), bytes));
      return new BatchWindow(rows, (System.nanoTime() - start) / 1e6);
    }

    private boolean hasRoom(long rows, long bytes) {
      return rows < (long) batchSize * batches && bytes < MAX_BYTES;
    }
  }
}
