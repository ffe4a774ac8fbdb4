/**
 * Looks closer at predictions with labels: what their probabilities are worth, where they are wrong
 * and how they differ from another run's.
 */
package swarmformer.analysis;
