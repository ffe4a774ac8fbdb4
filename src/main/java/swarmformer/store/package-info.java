/**
 * Nights of predictions on a disk or in a table, each added whole or not at all, and its record.
 */
package swarmformer.store;
