/** Finds out what driver and executors have, what is wrong with it, and what suits it best. */
package swarmformer.doctor;
