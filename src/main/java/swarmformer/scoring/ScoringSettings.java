package swarmformer.scoring;

import ai.djl.Device;
import java.io.Serializable;
import swarmformer.model.Precision;
import swarmformer.tokens.TokenizerKind;

/**
 * How a run scores, the same on every executor.
 *
 * @param device {@code auto}, {@code cpu} or {@code cuda}
 * @param devicePermits tasks of an executor that may compute on a GPU at once
 * @param dtype {@code auto}, {@code float32} or {@code bfloat16}, as it was asked for
 * @param precision number format of the network, chosen once by the driver
 * @param microBatch positions that the network computes at once; 0 for what is fastest
 * @param batchSize rows of a batch
 * @param partitions partitions to score, 0 for as many as suit the input and the cores
 * @param tokenizer what turns texts into ids
 * @param idsGiven whether rows hold token ids instead of text
 * @param emitted token ids that predictions get
 * @param failOnBadRow whether a row that cannot be scored stops the run
 */
public record ScoringSettings(
    String device,
    int devicePermits,
    String dtype,
    Precision precision,
    int microBatch,
    int batchSize,
    int partitions,
    TokenizerKind tokenizer,
    boolean idsGiven,
    EmittedIds emitted,
    boolean failOnBadRow)
    implements Serializable {
  private static final int GPU_WINDOW_BATCHES = 32;

  /**
   * Batches that go to a device at once. A GPU gets many, so that it has pieces of many rows of
   * about one length; a CPU has enough with the pieces of one batch.
   */
  public static int windowBatches(Device device) {
    return device.isGpu() ? GPU_WINDOW_BATCHES : 1;
  }

  /** The same with other batches. */
  public ScoringSettings withBatchSize(int rows) {
    return new ScoringSettings(
        device,
        devicePermits,
        dtype,
        precision,
        microBatch,
        rows,
        partitions,
        tokenizer,
        idsGiven,
        emitted,
        failOnBadRow);
  }
}
