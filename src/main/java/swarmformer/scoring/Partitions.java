package swarmformer.scoring;

import swarmformer.cluster.Capacity;
import swarmformer.data.InputSize;

/** How many partitions to score. */
final class Partitions {
  /** The partitions of the input are good as they are. */
  static final int AS_FOUND = 0;

  /** More than one for each core, so that a slow one does not hold up the end. */
  private static final int FOR_EACH_CORE = 3;

  /** A core may have a tenth more work than its share. */
  private static final double UNEVEN = 1.1;

  /** A core that comes later is worth its start, and the load of the model, from here on. */
  private static final long WORTH_A_CORE = 1_000;

  /**
   * What is lost with an executor took its cores minutes, even for long texts and a large model.
   */
  private static final long MOST_ROWS = 20_000;

  private Partitions() {}

  /**
   * Keeps the partitions of the input if they occupy all cores evenly with batches that are mostly
   * full, and otherwise gives a number that does. Cores are those that the cluster may have once it
   * has grown, if there are rows for them.
   *
   * <p>Rows count, not partitions: of the splits of a Parquet file that has one row group, one
   * holds all rows.
   */
  static int suiting(InputSize input, Capacity capacity, int batchSize) {
    long batches = Math.max(1, (input.rows() + batchSize - 1) / batchSize);
    long cores =
        Math.max(
            Math.max(1, capacity.now()), Math.min(capacity.most(), input.rows() / WORTH_A_CORE));
    long slots = Math.min(batches, cores);
    boolean even = input.largestPartition() * slots <= UNEVEN * input.rows();
    boolean full = input.filledPartitions() <= Math.max(slots, batches / 2);
    boolean small = input.largestPartition() <= MOST_ROWS;
    long wanted = Math.max(cores * FOR_EACH_CORE, (input.rows() + MOST_ROWS - 1) / MOST_ROWS);
    return even && full && small ? AS_FOUND : (int) Math.min(batches, wanted);
  }
}
