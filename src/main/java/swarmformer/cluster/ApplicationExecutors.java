package swarmformer.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import swarmformer.errors.DeviceException;

/** The executors of an application, and ways to ask them. */
public final class ApplicationExecutors {
  /** A task that is meant for an executor may still run on another one if it is busy. */
  private static final int ROUNDS = 3;

  private static final long QUIET_MS = 5_000;
  private static final long STEP_MS = 200;
  private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

  private final SparkContext spark;

  /** Those of a session's application. */
  public ApplicationExecutors(SparkSession spark) {
    this.spark = spark.sparkContext();
  }

  /** The ones that are there by now; in local mode the driver. */
  public List<ExecutorSummary> present() {
    return CollectionConverters.asJava(spark.statusStore().executorList(true)).stream()
        .filter(executor -> spark.isLocal() || !executor.id().equals("driver"))
        .toList();
  }

  /**
   * Waits until all executors that were ordered are there, or, if none were ordered by number,
   * until no more come.
   *
   * @throws DeviceException if none comes
   */
  public void await() {
    long limitMs =
        spark.conf().getTimeAsMs("spark.scheduler.maxRegisteredResourcesWaitingTime", "60s");
    int ordered = spark.conf().getInt("spark.executor.instances", Integer.MAX_VALUE);
    long start = System.currentTimeMillis();
    long changed = start;
    int known = 0;
    while (!spark.isLocal() && known < ordered && System.currentTimeMillis() - start < limitMs) {
      int now = present().size();
      if (now != known) {
        changed = System.currentTimeMillis();
        known = now;
      }
      if (known > 0 && ordered == Integer.MAX_VALUE && quiet(changed)) {
        return;
      }
      pause();
    }
    if (present().isEmpty()) {
      throw new DeviceException(
          String.format(
              Locale.ROOT,
              "Cannot examine executors: none came within %d s. See what the master %s has left, and ask for no more (spark.executor.memory, spark.executor.cores).",
              limitMs / 1_000,
              spark.master()));
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
   * Asks each executor that is there, and waits for one if there is none. One that is busy for
   * long, or comes later, may not be asked.
   *
   * @return the answers, by the names of the executors
   */
  public <T extends Serializable> Map<String, T> askEach(Question<T> question) {
    Map<String, T> answers = new TreeMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      List<String> places = placesOfOthers(answers);
      if (places.isEmpty() && !answers.isEmpty()) {
        break;
      }
      RDD<String> tasks = places.isEmpty() ? tasks(1) : tasksAt(places);
      for (Answer<T> answer :
          Answer.<T>of(tasks.mapPartitions(new Answer.Task(question), true, BYTES))) {
        answers.put(answer.executor(), answer.value());
      }
    }
    return answers;
  }

  /**
   * Asks in all task slots at the same time, and so on every executor. Spark refuses that where
   * executors are allocated dynamically.
   */
  public <T extends Serializable> List<T> askSlots(Question<T> question) {
    RDD<String> tasks = tasks(slots());
    return Answer.<T>of(tasks.barrier().mapPartitions(new Answer.Task(question), true, BYTES))
        .stream()
        .map(Answer::value)
        .toList();
  }

  /** Tasks that the executors that are there can run at the same time. */
  public int slots() {
    return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
  }

  /** As Spark writes the place of a task that belongs to one executor. */
  private List<String> placesOfOthers(Map<String, ?> answers) {
    return present().stream()
        .filter(executor -> !answers.containsKey(executor.id()))
        .map(executor -> "executor_" + host(executor.hostPort()) + "_" + executor.id())
        .toList();
  }

  private static String host(String hostPort) {
    int colon = hostPort.lastIndexOf(':');
    return colon < 0 ? hostPort : hostPort.substring(0, colon);
  }

  private RDD<String> tasks(int count) {
    List<String> texts = Collections.nCopies(count, "");
    return JavaSparkContext.fromSparkContext(spark).parallelize(texts, count).rdd();
  }

  private RDD<String> tasksAt(List<String> places) {
    List<Tuple2<String, Seq<String>>> tasks = new ArrayList<>();
    for (String place : places) {
      tasks.add(new Tuple2<>(place, seq(List.of(place))));
    }
    return spark.makeRDD(seq(tasks), ClassTag$.MODULE$.apply(String.class));
  }

  private static <E> Seq<E> seq(List<E> elements) {
    return CollectionConverters.asScala(elements).toSeq();
  }
}
