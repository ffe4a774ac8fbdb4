/** Where checkpoints come from: the jar, a directory, a file system or a Hugging Face hub. */
package swarmformer.models;
