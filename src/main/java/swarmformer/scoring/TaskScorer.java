package swarmformer.scoring;

import java.util.List;
import org.apache.spark.sql.Row;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.Texts;
import swarmformer.errors.DeviceException;

/**
 * What one task scores with: the model of its executor, and how rows become ids and predictions.
 *
 * @param reader turns rows into ids
 * @param scorer turns ids into logits
 * @param writer turns logits into rows
 * @param gpu whether the network runs on a GPU
 */
record TaskScorer(RowReader reader, WindowScorer scorer, RowWriter writer, boolean gpu) {
  /**
   * Makes one for the task of this thread, loading the model if no task of this JVM has.
   *
   * @param carried number of columns that rows of {@link Texts#rows} begin with, to carry along
   * @throws DeviceException if this executor cannot use the device, with its name
   */
  static TaskScorer of(ModelFiles model, ScoringSettings settings, int carried) {
    TaskDevice device;
    ExecutorModel executor;
    try {
      device = TaskDevice.ofTask(settings.device());
      executor = ExecutorModel.of(model, device.device(), settings);
    } catch (DeviceException e) {
      throw DeviceCheck.withExecutor(e);
    }
    RowReader reader = new RowReader(executor.network().config(), settings, carried);
    WindowScorer scorer =
        new WindowScorer(
            executor.network()::logits,
            executor.classNames(),
            reader,
            device.permits(settings.devicePermits()),
            device,
            executor.load(),
            settings.batchSize());
    RowWriter writer =
        new RowWriter(executor.classNames(), carried, settings.emitted() != EmittedIds.NONE);
    return new TaskScorer(reader, scorer, writer, device.device().isGpu());
  }

  /** Scores one row by itself. */
  Row score(Row row) {
    WindowScorer.Scored scored = scorer.score(new Window(List.of(reader.read(row)), 0));
    return writer.write(scored.item(0), scored.logits()[0]);
  }
}
