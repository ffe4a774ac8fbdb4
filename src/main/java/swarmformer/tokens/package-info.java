/** Text to token ids; no Spark, no tensors. */
package swarmformer.tokens;
