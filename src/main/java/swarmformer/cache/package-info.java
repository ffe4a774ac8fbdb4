/** What a user keeps on a host between runs: where it lies, and how files get there unharmed. */
package swarmformer.cache;
