/** Adds up what was predicted and how long it took, from written predictions only. */
package swarmformer.metrics;
