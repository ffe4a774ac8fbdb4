/** Times the parts of scoring on one machine, without Spark. */
package swarmformer.bench;
