package swarmformer.scoring;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.errors.DeviceException;
import swarmformer.model.TorchEngine;

/**
 * Shows what executors score in Spark's metrics system, and starts PyTorch when an executor starts:
 * {@code spark.plugins=swarmformer.scoring.SwarmFormerPlugin}. Scoring works the same without it.
 *
 * <p>The metrics are {@code *.plugin.swarmformer.scoring.SwarmFormerPlugin.} {@code texts} and
 * {@code tokens} (meters), {@code batchLatency} and {@code deviceWait} (timers), {@code modelLoads}
 * (counter), {@code processBytes} and {@code deviceBytes} (gauges; 0 where unknown).
 *
 * <p>With {@value #WARM}{@code =true} PyTorch is loaded while the executor registers, not by its
 * first task. The model is not: it comes with the run.
 *
 * <p>Spark finds this class in the application's jar or one of {@code --jars}, on executors and, in
 * client mode, on the driver. Where the driver runs inside the cluster, the same holds.
 */
public final class SwarmFormerPlugin implements SparkPlugin {
  static final String WARM = "spark.swarmformer.warm";

  private static final Logger LOG = LoggerFactory.getLogger(SwarmFormerPlugin.class);

  @Override
  public DriverPlugin driverPlugin() {
    return null; // a driver that is no executor scores nothing
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Executor();
  }

  private static final class Executor implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> extraConf) {
      ExecutorFigures.register(context.metricRegistry());
      SparkConf settings = context.conf();
      if (settings.getBoolean(WARM, false)) {
        startEngine(settings.getInt("spark.task.cpus", 1));
      }
    }

    /** In a thread of its own: a failure is for the task that needs the engine. */
    private static void startEngine(int threads) {
      Thread thread = new Thread(() -> start(threads), "swarmformer-warm");
      thread.setDaemon(true);
      thread.start();
    }

    private static void start(int threads) {
      long start = System.nanoTime();
      try {
        TorchEngine.start(threads);
        LOG.info("Started PyTorch in {} ms", (System.nanoTime() - start) / 1_000_000);
      } catch (DeviceException e) {
        LOG.warn("PyTorch is not warm: {}", e.getMessage());
      }
    }
  }
}
