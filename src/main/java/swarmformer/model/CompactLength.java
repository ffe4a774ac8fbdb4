package swarmformer.model;

import swarmformer.checkpoint.SwarmFormerConfig;

/**
 * How many positions have to be computed for texts of some length, exactly.
 *
 * <p>The network has no mask: padding takes part in every step. But positions that see only padding
 * stay equal to each other. With n tokens, s the cluster size and T local steps in each of K
 * layers, the run of equal padding loses T positions at each end in a layer, and then shrinks to
 * whole clusters. What is left after the last layer begins at {@code a}, from a = n by K times a =
 * roundUp(a + T, s), and ends {@code z} before the end, from z = 0 by the same steps. Of its
 * clusters one is computed and stands for all.
 *
 * @param positions computed, Lc: the text, a margin, one cluster of padding, a margin; at most L
 * @param pureCluster index of that cluster among the Lc / s
 * @param copies how many equal clusters it stands for; 1 where nothing is left out
 */
record CompactLength(int positions, int pureCluster, int copies) {
  /**
   * The positions for a batch.
   *
   * @param tokens of its longest text, 1 to L
   */
  static CompactLength of(int tokens, SwarmFormerConfig config) {
    int length = config.seqLen();
    int size = config.clusterSize();
    long end = margin(0, config);
    long compact = margin(tokens, config) + size + end;
    if (compact >= length) {
      return new CompactLength(length, 0, 1);
    }
    int positions = (int) compact;
    return new CompactLength(
        positions, (int) ((positions - end) / size - 1), (length - positions) / size + 1);
  }

  private static long margin(long start, SwarmFormerConfig config) {
    long size = config.clusterSize();
    long edge = start;
    for (int layer = 0; layer < config.numLayers(); layer++) {
      edge = (edge + config.localSteps() + size - 1) / size * size;
    }
    return edge;
  }
}
