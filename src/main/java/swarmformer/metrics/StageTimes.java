package swarmformer.metrics;

/**
 * Wall time of each stage of a run, in milliseconds.
 *
 * @param countMs counting the input
 * @param scoreMs reading, tokenising, scoring and staging
 * @param writeMs writing predictions and batches
 */
public record StageTimes(long countMs, long scoreMs, long writeMs) {}
