package swarmformer.scoring;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/** Scores one partition on an executor, lazily. It knows nothing of where rows come from or go. */
final class ScoringFunction implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final BroadcastModel model;
  private final ScoringSettings settings;
  private final int carried;
  private final LongAccumulator progress;
  private final BatchLog log;

  /**
   * Scores rows that begin with {@code carried} columns to carry along.
   *
   * @param progress counts scored rows, for a person to look at; retried tasks count twice
   * @param log notes what the batches took
   */
  ScoringFunction(
      BroadcastModel model,
      ScoringSettings settings,
      int carried,
      LongAccumulator progress,
      Optional<BatchLog> log) {
    this.model = model;
    this.settings = settings;
    this.carried = carried;
    this.progress = progress;
    this.log = log.orElse(null);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    Optional<BatchLog.Task> notes = Optional.ofNullable(log).map(BatchLog::task);
    return PartitionScorer.ofTask(model.files(), settings, carried)
        .score(
            rows,
            window -> {
              progress.add(window.rows().size());
              notes.ifPresent(noted -> window.batches().forEach(noted::add));
            },
            () -> notes.ifPresent(BatchLog.Task::write));
  }
}
