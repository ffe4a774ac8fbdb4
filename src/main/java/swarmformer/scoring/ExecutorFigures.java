package swarmformer.scoring;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.util.concurrent.TimeUnit;
import swarmformer.model.Cuda;
import swarmformer.model.ProcessMemory;

/**
 * What this JVM has scored since it started, for those who watch a cluster. It counts always; the
 * {@link SwarmFormerPlugin} shows it. No result comes from it.
 */
final class ExecutorFigures {
  /** Models that were loaded. */
  static final Counter MODEL_LOADS = new Counter();

  private static final Meter TEXTS = new Meter();
  private static final Meter TOKENS = new Meter();
  private static final Timer BATCH = new Timer();
  private static final Timer DEVICE_WAIT = new Timer();

  /** The device of the last batch. */
  private static volatile TaskDevice device;

  private ExecutorFigures() {}

  /** Counts a batch. */
  static void add(BatchRecord batch) {
    TEXTS.mark(batch.counts().scored());
    TOKENS.mark(batch.counts().tokens());
    BATCH.update(micros(batch.times().modelMs()), TimeUnit.MICROSECONDS);
    DEVICE_WAIT.update(micros(batch.times().waitMs()), TimeUnit.MICROSECONDS);
    device = batch.device();
  }

  private static long micros(double ms) {
    return Math.round(ms * 1_000);
  }

  /** Shows the figures in a registry. Memory that is not told is 0. */
  static void register(MetricRegistry registry) {
    registry.register("texts", TEXTS);
    registry.register("tokens", TOKENS);
    registry.register("batchLatency", BATCH);
    registry.register("deviceWait", DEVICE_WAIT);
    registry.register("modelLoads", MODEL_LOADS);
    registry.register("processBytes", (Gauge<Long>) () -> orZero(ProcessMemory.residentBytes()));
    registry.register("deviceBytes", (Gauge<Long>) ExecutorFigures::deviceBytes);
  }

  private static long deviceBytes() {
    TaskDevice last = device;
    return last == null ? 0 : orZero(Cuda.bytesInUse(last.device()));
  }

  private static long orZero(Long bytes) {
    return bytes == null ? 0 : bytes;
  }
}
