/** Fits the network on labelled texts and saves it; no Spark, no tensors. */
package swarmformer.training;
