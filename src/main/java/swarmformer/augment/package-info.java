/** Varies texts to train with, as the published models' training does; no Spark, no tensors. */
package swarmformer.augment;
