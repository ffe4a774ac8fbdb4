/** A checkpoint's files, read strictly: hyper-parameters and weights. */
package swarmformer.checkpoint;
