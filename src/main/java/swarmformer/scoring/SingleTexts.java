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
  private final RowTokenizer tokenizer;
  private final PredictionWriter writer;

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
    this.tokenizer = new RowTokenizer(checkpoint.config(), settings, 0);
    this.writer = new PredictionWriter(checkpoint.classNames(), 0, false);
  }

  /** The columns of {@link PredictionColumns#SCORED} for a text. */
  public Row score(String text) {
    TokenizedRow row = tokenizer.read(RowFactory.create(text, false, null));
    if (!row.scorable()) {
      return writer.write(row, null);
    }
    float[] logits = network.logits(new int[][] {row.tokens().ids()}).rows()[0];
    String error = BatchScorer.errorOf(logits);
    return error == null
        ? writer.write(row, logits)
        : writer.write(tokenizer.refuse(row, error), null);
  }

  @Override
  public void close() {
    network.close();
  }
}
