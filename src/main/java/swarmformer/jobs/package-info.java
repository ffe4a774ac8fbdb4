/** The programs: parse options, open Spark, run one action, map the outcome to an exit code. */
package swarmformer.jobs;
