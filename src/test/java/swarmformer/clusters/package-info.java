/**
 * The jobs on the engines that their users have: HDFS and YARN, S3, Kubernetes, other versions of
 * Spark. Part of the profile {@code clusters}: {@code ./mvnw verify -Pclusters}.
 */
package swarmformer.clusters;
