package swarmformer.scoring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.IntStream;
import swarmformer.model.Logits;

/**
 * Scores windows, waiting for the device where it is shared. A window goes to the network at once,
 * which computes rows of about one length together; batches are the unit of what is recorded.
 */
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
   * Scores, and records batches of at most {@code batchSize} rows.
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
    Instant started = Instant.now();
    List<TokenizedRow> rows = window.rows();
    int[] scorable =
        IntStream.range(0, rows.size()).filter(row -> rows.get(row).scorable()).toArray();
    int[][] ids =
        Arrays.stream(scorable).mapToObj(row -> rows.get(row).tokens().ids()).toArray(int[][]::new);
    long asked = System.nanoTime();
    take();
    long admitted = System.nanoTime();
    Logits logits = computeAndRelease(ids);
    BatchRecord.Times times =
        new BatchRecord.Times(
            started, window.readMs(), ms(asked, admitted), ms(admitted, System.nanoTime()));
    Scored scored = new Scored(new ArrayList<>(rows), new float[rows.size()][], new ArrayList<>());
    int[] positions = new int[rows.size()];
    for (int i = 0; i < scorable.length; i++) {
      keep(scorable[i], logits.rows()[i], scored);
      positions[scorable[i]] = logits.positions()[i];
    }
    record(window, positions, times, scored);
    return scored;
  }

  /**
   * Of the window's times a batch gets the share of its rows; of the network's, of its positions.
   */
  private void record(BatchWindow window, int[] positions, BatchRecord.Times times, Scored scored) {
    double all = Math.max(1, Arrays.stream(positions).asLongStream().sum());
    for (int[] batch : window.batches(batchSize)) {
      BatchCounts counts = new BatchCounts(classNames);
      long ofBatch = 0;
      for (int row : batch) {
        counts.add(scored.row(row), scored.logits()[row]);
        ofBatch += positions[row];
      }
      BatchRecord.Times ofTimes =
          times.part((double) batch.length / positions.length, ofBatch / all);
      BatchRecord record = new BatchRecord(batches++, counts, ofBatch, ofTimes, device, modelLoad);
      scored.batches().add(record);
      ExecutorFigures.add(record);
    }
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
    String error = errorOf(logits);
    if (error != null) {
      scored.rows().set(row, tokenizer.refuse(scored.row(row), error));
    }
    scored.logits()[row] = error == null ? logits : null;
  }

  /** Why logits (N) give no prediction; null if they do. */
  static String errorOf(float[] logits) {
    if (logits == null) {
      return TokenizedRow.OUT_OF_MEMORY;
    }
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        return TokenizedRow.NOT_FINITE;
      }
    }
    return null;
  }

  private static double ms(long fromNanos, long toNanos) {
    return (toNanos - fromNanos) / 1e6;
  }
}
