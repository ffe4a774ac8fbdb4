package swarmformer.doctor;

import java.io.Serializable;

/**
 * What one task found.
 *
 * @param surroundings around its process
 * @param engine of its process
 * @param trial of its network
 */
record Examination(Environment surroundings, Engine engine, TrialScoring trial)
    implements Serializable {}
