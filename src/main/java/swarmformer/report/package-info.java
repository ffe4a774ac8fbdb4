/** Turns metrics into pages that a person reads: one self-contained file each, without Spark. */
package swarmformer.report;
