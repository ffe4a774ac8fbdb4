/** Where checkpoints come from: the jar, a folder, a file system or a Hugging Face hub. */
package swarmformer.models;
