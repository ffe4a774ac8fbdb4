package swarmformer.scoring;

import ai.djl.Device;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.data.PredictionColumns;
import swarmformer.errors.DeviceException;
import swarmformer.errors.DeviceMemoryException;
import swarmformer.model.SwarmFormer;
import swarmformer.model.TorchEngine;

/** Scores single texts in this JVM, without Spark. */
public final class SingleTexts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SingleTexts.class);

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
    this.network = load(checkpoint, settings);
    this.tokenizer = new RowTokenizer(checkpoint.config(), settings, 0);
    this.writer = new PredictionWriter(checkpoint.classNames(), 0, false);
  }

  private static SwarmFormer load(Checkpoint checkpoint, ScoringSettings settings) {
    Device device = TorchEngine.device(settings.device());
    try {
      return SwarmFormer.load(checkpoint, device, settings.precision(), settings.microBatch());
    } catch (DeviceMemoryException e) {
      if (!settings.device().equals("auto") || !device.isGpu()) {
        throw e;
      }
      LOG.warn("Computing on the CPU: {}", e.getMessage());
      return SwarmFormer.load(
          checkpoint, Device.cpu(), settings.precision(), settings.microBatch());
    }
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
