package swarmformer.data;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Observation;

/** What Spark has observed of the rows of an action that has ended. */
public final class Observed {
  /** It comes by way of Spark's listeners. */
  private static final long AT_MOST_SECONDS = 60;

  private Observed() {}

  /**
   * The figures by their names; empty if they do not come, as where a slow listener has made Spark
   * drop the event that has them. Spark itself would wait without end.
   */
  public static Optional<Map<String, Object>> of(Observation observation) {
    FutureTask<Map<String, Object>> figures = new FutureTask<>(observation::getAsJava);
    Thread waiting = new Thread(figures, "observation");
    waiting.setDaemon(true);
    waiting.start();
    try {
      return Optional.of(figures.get(AT_MOST_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      figures.cancel(true);
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Spark does not tell what it has observed.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Stopped while rows were counted.", e);
    }
  }
}
