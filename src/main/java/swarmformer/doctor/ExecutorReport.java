package swarmformer.doctor;

import java.util.SortedMap;

/**
 * What all task slots of an executor found together.
 *
 * @param environment of its process
 * @param engine of its process
 * @param cores that Spark gives to it
 * @param slots tasks that it runs at the same time
 * @param clockSeconds how far its clock is ahead of the driver's
 * @param textsPerSecond of all slots together, for each batch size that was tried; empty if none
 *     could score
 * @param processBytes memory of its process after scoring; 0 where the system does not tell
 * @param nativeBytes the part of it that is outside the heap
 */
public record ExecutorReport(
    Environment environment,
    Engine engine,
    int cores,
    int slots,
    double clockSeconds,
    SortedMap<Integer, Double> textsPerSecond,
    long processBytes,
    long nativeBytes) {}
