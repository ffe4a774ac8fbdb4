package swarmformer.scoring;

import swarmformer.data.Texts;

/** How many partitions to score. */
final class Partitions {
  /** The partitions of the input are good as they are. */
  static final int AS_FOUND = 0;

  /** More than one for each core, so that a slow one does not hold up the end. */
  private static final int FOR_EACH_CORE = 3;

  /** A core may have a tenth more work than its share. */
  private static final double UNEVEN = 1.1;

  private Partitions() {}

  /**
   * Keeps the partitions of the input if they occupy all cores evenly with batches that are mostly
   * full, and otherwise gives a number that does.
   *
   * <p>Rows count, not partitions: of the splits of a Parquet file that has one row group, one
   * holds all rows.
   *
   * @param cores task slots of the cluster
   */
  static int suiting(Texts.Counts input, int cores, int batchSize) {
    long batches = Math.max(1, (input.rows() + batchSize - 1) / batchSize);
    long slots = Math.min(batches, cores);
    boolean even = input.largestPartition() * slots <= UNEVEN * input.rows();
    boolean full = input.filledPartitions() <= Math.max(slots, batches / 2);
    return even && full ? AS_FOUND : (int) Math.min(batches, (long) cores * FOR_EACH_CORE);
  }
}
