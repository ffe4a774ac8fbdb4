package swarmformer.scoring;

import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.checkpoint.ModelFiles;

/**
 * On one machine, where the driver is the executor, the model of a run loads while the driver looks
 * at the input, which takes one core and as long. On a cluster this does nothing: executors load
 * with their first task.
 */
public final class EarlyLoad {
  private static final Logger LOG = LoggerFactory.getLogger(EarlyLoad.class);

  private final Thread thread;

  private EarlyLoad(Runnable load) {
    thread = new Thread(load, "swarmformer-load");
    thread.setDaemon(true);
    thread.start();
  }

  /** Begins to load. What goes wrong is left for the first task to tell. */
  public static EarlyLoad start(SparkSession spark, ModelFiles model, ScoringSettings settings) {
    return new EarlyLoad(
        () -> {
          if (spark.sparkContext().isLocal()) {
            load(model, settings);
          }
        });
  }

  private static void load(ModelFiles model, ScoringSettings settings) {
    try {
      ExecutorState executor = ExecutorState.ofJvm();
      executor.preload(model, executor.device(settings.device()).device(), settings);
    } catch (RuntimeException e) {
      LOG.info("The model did not load early", e);
    }
  }

  /** Waits for the end: a JVM must not exit while libtorch computes. */
  public void await() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
