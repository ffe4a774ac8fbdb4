package swarmformer.scoring;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;

/** Reads a partition window by window, lazily. */
final class WindowReader implements Iterator<Window> {
  /** What a window of several batches holds at most, beyond its first batch. */
  private static final long MOST_BYTES = 16L << 20;

  private final Iterator<Row> input;
  private final RowReader reader;
  private final int batchSize;
  private final int batches;

  /**
   * Reads windows of {@code batches} batches, or of fewer if their rows take more memory than is
   * good.
   */
  WindowReader(Iterator<Row> input, RowReader reader, int batchSize, int batches) {
    this.input = input;
    this.reader = reader;
    this.batchSize = batchSize;
    this.batches = batches;
  }

  @Override
  public boolean hasNext() {
    return input.hasNext();
  }

  @Override
  public Window next() {
    long start = System.nanoTime();
    List<RowReader.Item> items = new ArrayList<>();
    long bytes = 0;
    do {
      RowReader.Item item = reader.read(input.next());
      items.add(item);
      bytes += item.bytes();
    } while (input.hasNext() && hasRoom(items.size(), bytes));
    return new Window(items, (System.nanoTime() - start) / 1e6);
  }

  private boolean hasRoom(long rows, long bytes) {
    return rows < batchSize || (rows < (long) batchSize * batches && bytes < MOST_BYTES);
  }
}
