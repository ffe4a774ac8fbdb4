package swarmformer.scoring;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.data.PredictionColumns;
import swarmformer.errors.DeviceException;
import swarmformer.model.SwarmFormer;
import swarmformer.model.TorchEngine;

/** Scores single texts in this JVM, without Spark. */
public final class SingleTexts implements AutoCloseable {
  private final SwarmFormer network;
  private final RowReader reader;
  private final RowWriter writer;

  /**
   * Loads a model that was checked.
   *
   * @throws DeviceException if the device cannot be used
   */
  public SingleTexts(Checkpoint checkpoint, ScoringSettings settings) {
    TorchEngine.start(1);
    this.network =
        SwarmFormer.load(
            checkpoint,
            TorchEngine.device(settings.device()),
            settings.precision(),
            settings.microBatch());
    this.reader = new RowReader(checkpoint.config(), settings, 0);
    this.writer = new RowWriter(checkpoint.classNames(), 0, false);
  }

  /** The columns of {@link PredictionColumns#SCORED} for a text. */
  public Row score(String text) {
    RowReader.Item item = reader.read(RowFactory.create(text, false, null));
    float[] logits =
        item.scorable() ? network.logits(new int[][] {item.tokens().ids()}).rows()[0] : null;
    return writer.write(item, logits);
  }

  @Override
  public void close() {
    network.close();
  }
}
