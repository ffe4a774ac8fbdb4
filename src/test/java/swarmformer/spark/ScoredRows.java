package swarmformer.spark;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** Counts the rows that are scored in batches, until it is closed. */
final class ScoredRows extends SparkListener implements AutoCloseable {
  private final SparkContext context;
  private final AtomicLong count = new AtomicLong();

  ScoredRows(SparkContext context) {
    this.context = context;
    context.addSparkListener(this);
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    for (AccumulableInfo counted : CollectionConverters.asJava(end.taskInfo().accumulables())) {
      if (counted.name().contains("texts scored")) {
        count.addAndGet((Long) counted.update().get());
      }
    }
  }

  /** How many rows the tasks that have ended have scored. */
  long count() throws Exception {
    context.listenerBus().waitUntilEmpty();
    return count.get();
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
  }
}
