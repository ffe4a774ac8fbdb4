package swarmformer.model;

/**
 * What the network gave for a batch.
 *
 * @param rows logits (B, N)
 * @param positions that were computed for all rows together, padding included
 */
@SuppressWarnings("ArrayRecordComponent") // a matrix, never compared
public record Logits(float[][] rows, long positions) {}
