package swarmformer.scoring;

/** How many partitions to score. */
final class Partitions {
  /** More than one for each core, so that a slow one does not hold up the end. */
  private static final int FOR_EACH_CORE = 3;

  /** A partition that dies is scored again: no more rows than some minutes take. */
  private static final long GREATEST_ROWS = 50_000;

  private Partitions() {}

  /**
   * Keeps the partitions of the input if they occupy the cores with batches that are mostly full,
   * and otherwise gives a number that does.
   *
   * @param found partitions of the input
   * @param cores task slots of the cluster
   */
  static int suiting(long rows, int found, int cores, int batchSize) {
    long batches = Math.max(1, (rows + batchSize - 1) / batchSize);
    long least = Math.min(batches, cores);
    long greatest = Math.max(least, rows / (2L * batchSize));
    if (found >= least && found <= greatest && rows / Math.max(1, found) <= GREATEST_ROWS) {
      return found;
    }
    long wanted = Math.min(batches, (long) cores * FOR_EACH_CORE);
    return (int) Math.max(1, Math.max(wanted, rows / GREATEST_ROWS));
  }
}
