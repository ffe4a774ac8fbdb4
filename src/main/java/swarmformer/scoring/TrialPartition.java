package swarmformer.scoring;

import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.PredictionColumns;

/**
 * Scores a text again and again in a task, as a run scores a partition: tokenizer, windows, permits
 * and the thread of a GPU.
 */
public final class TrialPartition {
  /** So that a GPU computes while the next window is read. */
  private static final int LEAST_WINDOWS = 2;

  private static final int ERROR = PredictionColumns.SCORED.fieldIndex(PredictionColumns.ERROR);

  private TrialPartition() {}

  /**
   * Scores until a time is over, and some windows at least.
   *
   * @param texts without an end
   * @return texts a second that got a prediction
   */
  public static double textsPerSecond(
      ModelFiles model, ScoringSettings settings, Iterator<String> texts, long nanos) {
    PartitionScorer scorer = PartitionScorer.ofTask(model, settings, 0);
    AtomicInteger windows = new AtomicInteger();
    long start = System.nanoTime();
    Iterator<Row> rows =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return System.nanoTime() - start < nanos || windows.get() < LEAST_WINDOWS;
          }

          @Override
          public Row next() {
            return RowFactory.create(texts.next(), false, null);
          }
        };
    Iterator<Row> scored = scorer.score(rows, window -> windows.incrementAndGet(), () -> {});
    long predictions = 0;
    while (scored.hasNext()) {
      predictions += scored.next().isNullAt(ERROR) ? 1 : 0;
    }
    return predictions * 1e9 / (System.nanoTime() - start);
  }
}
