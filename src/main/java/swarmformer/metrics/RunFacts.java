package swarmformer.metrics;

import java.time.Instant;

/**
 * What is known of a run before it scores.
 *
 * @param runId its id
 * @param modelName what the user called the model
 * @param modelSha256 hash of its weights
 * @param modelParameters number of its weights
 * @param modelConfig its config.json
 * @param dtype number format of the computation
 * @param started when it began
 * @param command what was typed
 */
public record RunFacts(
    String runId,
    String modelName,
    String modelSha256,
    long modelParameters,
    String modelConfig,
    String dtype,
    Instant started,
    String command) {}
