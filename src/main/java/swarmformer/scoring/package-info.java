/** The one place where Spark meets the model. */
package swarmformer.scoring;
