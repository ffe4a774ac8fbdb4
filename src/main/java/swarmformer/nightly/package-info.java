/** Adds a night of predictions to a store, once, whatever was killed, repeated or late. */
package swarmformer.nightly;
