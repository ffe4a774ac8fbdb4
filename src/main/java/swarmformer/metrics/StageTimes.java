package swarmformer.metrics;

/**
 * Wall time of each stage of a run, in milliseconds.
 *
 * @param countMs finding the size of the input
 * @param scoreMs reading, tokenising, scoring and writing the predictions
 * @param writeMs writing what the batches took, and counting the rows that were written
 */
public record StageTimes(long countMs, long scoreMs, long writeMs) {}
