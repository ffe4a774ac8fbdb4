package swarmformer.model;

import swarmformer.checkpoint.SwarmFormerConfig;

/**
 * What the network gave for a batch.
 *
 * @param rows logits (B, N); null for a row that the device has no memory for
 * @param positions that the local steps computed for all rows together, padding included, the mean
 *     of all layers
 * @param operations multiplications and additions of the products with weights
 */
@SuppressWarnings("ArrayRecordComponent") // a matrix, never compared
public record Logits(float[][] rows, long positions, double operations) {
  /** With the cost of more rows that have one length. */
  Logits plus(int count, CompactLength length, SwarmFormerConfig config) {
    return new Logits(
        rows,
        positions + (long) count * length.positions(),
        operations + count * length.operations(config));
  }
}
