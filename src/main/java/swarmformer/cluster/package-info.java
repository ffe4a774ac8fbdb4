/** The Spark that an application runs on: its executors and the cores that it may have. */
package swarmformer.cluster;
