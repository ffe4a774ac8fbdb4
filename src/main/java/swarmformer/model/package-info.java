/** The SwarmFormer network and its weights; no Spark. */
package swarmformer.model;
