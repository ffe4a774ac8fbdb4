/** The page that tells how the nights of a store went. */
package swarmformer.report.trend;
