package swarmformer.metrics;

/**
 * What a run was made with.
 *
 * @param project version of this project
 * @param java version of the driver's Java
 * @param spark version of Spark
 * @param djl version of DJL
 * @param pytorch version of libtorch, as the driver has it
 */
public record Versions(String project, String java, String spark, String djl, String pytorch) {}
