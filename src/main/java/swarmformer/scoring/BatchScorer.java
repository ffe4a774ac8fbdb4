package swarmformer.scoring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import swarmformer.model.Logits;

/** Scores windows, batch by batch, waiting for the device where it is shared. */
final class BatchScorer {
  /**
   * A window with what the network gave for it, by row in the order of the input.
   *
   * @param rows the rows
   * @param logits logits (N) of each row; null where it could not be scored
   * @param batches what each batch took
   */
  @SuppressWarnings("ArrayRecordComponent") // a matrix, never compared
  record Scored(List<TokenizedRow> rows, float[][] logits, List<BatchRecord> batches) {
    TokenizedRow row(int index) {
      return rows.get(index);
    }
  }

  private final Function<int[][], Logits> network;
  private final List<String> classNames;
  private final RowTokenizer tokenizer;
  private final Semaphore permits;
  private final TaskDevice device;
  private final int modelLoad;
  private final int batchSize;
  private int batches;

  /**
   * Scores in batches of at most {@code batchSize} rows.
   *
   * @param network gives logits (B, N) of ids (B, any length); a null row where the device has no
   *     memory for it
   * @param classNames names of the classes (N), in order
   * @param permits one is held while the network runs
   * @param device where it runs
   * @param modelLoad number of the load that it came from
   */
  BatchScorer(
      Function<int[][], Logits> network,
      List<String> classNames,
      RowTokenizer tokenizer,
      Semaphore permits,
      TaskDevice device,
      int modelLoad,
      int batchSize) {
    this.network = network;
    this.classNames = classNames;
    this.tokenizer = tokenizer;
    this.permits = permits;
    this.device = device;
    this.modelLoad = modelLoad;
    this.batchSize = batchSize;
  }

  /** Scores all rows of a window. */
  Scored score(BatchWindow window) {
    int rows = window.rows().size();
    Scored scored =
        new Scored(new ArrayList<>(window.rows()), new float[rows][], new ArrayList<>());
    for (int[] batch : window.batches(batchSize)) {
      BatchRecord record = score(batch, window.readMs() * batch.length / rows, scored);
      scored.batches().add(record);
      ExecutorFigures.add(record);
    }
    return scored;
  }

  private BatchRecord score(int[] batch, double readMs, Scored scored) {
    Instant started = Instant.now();
    int[] rows = Arrays.stream(batch).filter(row -> scored.row(row).scorable()).toArray();
    int[][] ids =
        Arrays.stream(rows).mapToObj(row -> scored.row(row).tokens().ids()).toArray(int[][]::new);
    long asked = System.nanoTime();
    take();
    long admitted = System.nanoTime();
    Logits logits = computeAndRelease(ids);
    BatchRecord.Times times =
        new BatchRecord.Times(
            started, readMs, ms(asked, admitted), ms(admitted, System.nanoTime()));
    for (int i = 0; i < rows.length; i++) {
      keep(rows[i], logits.rows()[i], scored);
    }
    BatchCounts counts = new BatchCounts(classNames);
    for (int row : batch) {
      counts.add(scored.row(row), scored.logits()[row]);
    }
    return new BatchRecord(batches++, counts, logits.positions(), times, device, modelLoad);
  }

  private void take() {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The task was stopped while it waited for its device.", e);
    }
  }

  private Logits computeAndRelease(int[][] ids) {
    try {
      return network.apply(ids);
    } finally {
      permits.release();
    }
  }

  private void keep(int row, float[] logits, Scored scored) {
    if (logits == null) {
      scored.rows().set(row, tokenizer.refuse(scored.row(row), TokenizedRow.OUT_OF_MEMORY));
    }
    scored.logits()[row] = logits;
  }

  private static double ms(long fromNanos, long toNanos) {
    return (toNanos - fromNanos) / 1e6;
  }
}
