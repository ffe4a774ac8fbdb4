/** What people put into their own Spark programs: a stage of MLlib's pipelines, a SQL function. */
package swarmformer.spark;
