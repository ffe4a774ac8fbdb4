/** Writes models as files for other programs; no Spark. */
package swarmformer.export;
