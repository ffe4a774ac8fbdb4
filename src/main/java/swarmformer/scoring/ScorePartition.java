package swarmformer.scoring;

import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import swarmformer.checkpoint.ModelFiles;

/** Scores one partition on an executor, lazily. It knows nothing of where rows come from or go. */
final class ScorePartition implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<ModelFiles> model;
  private final ScoringSettings settings;
  private final int carried;
  private final LongAccumulator progress;

  /**
   * Scores rows that begin with {@code carried} columns to carry along.
   *
   * @param progress counts scored rows, for a person to look at; retried tasks count twice
   */
  ScorePartition(
      Broadcast<ModelFiles> model,
      ScoringSettings settings,
      int carried,
      LongAccumulator progress) {
    this.model = model;
    this.settings = settings;
    this.carried = carried;
    this.progress = progress;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    ExecutorModel executor =
        ExecutorModel.of(model.value(), settings.device(), settings.precision(), threads());
    RowReader reader =
        new RowReader(executor.tokenizer(), executor.network().config(), settings, carried);
    RowWriter writer = new RowWriter(executor.classNames(), carried, settings.emitIds());
    return new ScoredRows(
        rows,
        reader,
        executor.network(),
        writer,
        settings.batchSize(),
        rowsDone -> progress.add(rowsDone));
  }

  /** Each task may use the cores that Spark reserves for it. */
  private static int threads() {
    return SparkEnv.get().conf().getInt("spark.task.cpus", 1);
  }
}
