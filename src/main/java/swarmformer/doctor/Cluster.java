package swarmformer.doctor;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import swarmformer.model.DeviceException;

/** The executors of an application, and a way to reach them all. */
final class Cluster {
  private static final long QUIET_MS = 5_000;
  private static final long STEP_MS = 200;

  private final SparkContext spark;

  Cluster(SparkContext spark) {
    this.spark = spark;
  }

  /** Executors that are there, by what Spark knows of them. */
  List<ExecutorSummary> executors() {
    return CollectionConverters.asJava(spark.statusStore().executorList(true)).stream()
        .filter(executor -> spark.isLocal() || !executor.id().equals("driver"))
        .toList();
  }

  /**
   * Waits until all executors that were ordered are there, or, if none were ordered by number,
   * until no more come.
   */
  void awaitExecutors() {
    long limitMs =
        spark.conf().getTimeAsMs("spark.scheduler.maxRegisteredResourcesWaitingTime", "60s");
    int ordered = spark.conf().getInt("spark.executor.instances", Integer.MAX_VALUE);
    long start = System.currentTimeMillis();
    long changed = start;
    int known = 0;
    while (!spark.isLocal() && known < ordered && System.currentTimeMillis() - start < limitMs) {
      int now = executors().size();
      if (now != known) {
        changed = System.currentTimeMillis();
        known = now;
      }
      if (known > 0 && ordered == Integer.MAX_VALUE && quiet(changed)) {
        return;
      }
      pause();
    }
    if (executors().isEmpty()) {
      throw new DeviceException(
          "Cannot examine executors: none came within %d s. See what the master %s has left, and ask for no more (spark.executor.memory, spark.executor.cores)."
              .formatted(limitMs / 1_000, spark.master()));
    }
  }

  private static boolean quiet(long changed) {
    return System.currentTimeMillis() - changed > QUIET_MS;
  }

  private static void pause() {
    try {
      Thread.sleep(STEP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for executors", e);
    }
  }

  /**
   * Runs a function in every task slot at the same time, and so on every executor: ordinary tasks
   * go where there is room, and miss some.
   */
  <T> List<T> everywhere(Function1<Iterator<Integer>, Iterator<T>> function, Class<T> result) {
    int slots =
        spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
    List<Integer> numbers = IntStream.range(0, slots).boxed().toList();
    RDD<Integer> all = JavaSparkContext.fromSparkContext(spark).parallelize(numbers, slots).rdd();
    ClassTag<T> tag = ClassTag$.MODULE$.apply(result);
    return all.barrier().mapPartitions(function, true, tag).toJavaRDD().collect();
  }
}
