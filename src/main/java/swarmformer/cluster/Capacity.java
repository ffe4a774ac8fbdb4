package swarmformer.cluster;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.status.api.v1.ExecutorSummary;

/**
 * How many tasks run at the same time.
 *
 * @param now on the executors that are there
 * @param most once the cluster has grown as far as its settings allow; {@link Integer#MAX_VALUE}
 *     where nothing limits it
 */
public record Capacity(int now, int most) {
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  /** That of an application. */
  public static Capacity of(SparkSession spark) {
    ApplicationExecutors executors = new ApplicationExecutors(spark);
    int now = executors.slots();
    int cores = executors.present().stream().mapToInt(ExecutorSummary::totalCores).max().orElse(1);
    int most = spark.sparkContext().isLocal() ? now : most(spark.sparkContext().conf(), now, cores);
    return new Capacity(now, most);
  }

  /**
   * How far a cluster may grow.
   *
   * @param now tasks at the same time by now
   * @param cores of an executor, where no setting says it
   */
  static int most(SparkConf conf, int now, int cores) {
    int taskCpus = conf.getInt("spark.task.cpus", 1);
    int ofCores = conf.getInt("spark.cores.max", NO_LIMIT) / taskCpus;
    int executors =
        conf.getBoolean("spark.dynamicAllocation.enabled", false)
            ? conf.getInt("spark.dynamicAllocation.maxExecutors", NO_LIMIT)
            : conf.getInt("spark.executor.instances", 0);
    int each = Math.min(conf.getInt("spark.executor.cores", cores) / taskCpus, tasksOfGpus(conf));
    long ofExecutors = (long) executors * Math.max(1, each);
    return (int) Math.max(now, Math.min(ofCores, Math.min(ofExecutors, NO_LIMIT)));
  }

  /** Tasks that share the GPUs of an executor. */
  private static int tasksOfGpus(SparkConf conf) {
    double task = conf.getDouble("spark.task.resource.gpu.amount", 0);
    return task > 0
        ? (int) (conf.getDouble("spark.executor.resource.gpu.amount", 1) / task)
        : NO_LIMIT;
  }
}
