package swarmformer.model;

import java.util.Arrays;
import swarmformer.checkpoint.SwarmFormerConfig;

/**
 * What the network gave for rows.
 *
 * @param rows logits (B, N); null for a row that the device has no memory for
 * @param positions (B), those that the local steps computed for each row, padding included, the
 *     mean of all layers
 * @param operations multiplications and additions of the products with weights
 */
@SuppressWarnings("ArrayRecordComponent") // matrices, never compared
public record Logits(float[][] rows, int[] positions, double operations) {
  /** With the operations of more rows that have one length. */
  Logits plus(int count, CompactLength length, SwarmFormerConfig config) {
    return new Logits(rows, positions, operations + count * length.operations(config));
  }

  /** The first of the classes with the greatest logit. */
  public static int greatest(float... logits) {
    int greatest = 0;
    for (int i = 1; i < logits.length; i++) {
      greatest = logits[i] > logits[greatest] ? i : greatest;
    }
    return greatest;
  }

  /** Positions of all rows. */
  public long allPositions() {
    return Arrays.stream(positions).asLongStream().sum();
  }
}
