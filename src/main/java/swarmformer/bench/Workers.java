package swarmformer.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import swarmformer.errors.SwarmFormerException;

/** Threads that work through numbered pieces as the task slots of an executor do. */
final class Workers implements AutoCloseable {
  private final int threads;
  private final ExecutorService pool;

  Workers(int threads) {
    this.threads = threads;
    this.pool = Executors.newFixedThreadPool(threads);
  }

  /**
   * Works through all pieces once.
   *
   * @param work does one piece, given its number from 0
   * @return wall time in seconds
   */
  double seconds(int pieces, IntConsumer work) {
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(
          pool.submit(
              () -> {
                for (int piece = next.getAndIncrement();
                    piece < pieces;
                    piece = next.getAndIncrement()) {
                  work.accept(piece);
                }
              }));
    }
    running.forEach(Workers::await);
    return (System.nanoTime() - start) / 1e9;
  }

  /** Works through all pieces once to warm up, then several times for measure. */
  Figure piecesPerSecond(int pieces, int runs, IntConsumer work) {
    double[] rates = new double[runs];
    seconds(pieces, work);
    for (int run = 0; run < runs; run++) {
      rates[run] = pieces / seconds(pieces, work);
    }
    return Figure.of(rates);
  }

  private static void await(Future<?> task) {
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while it was measured", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SwarmFormerException foreseen) {
        throw foreseen;
      }
      throw new IllegalStateException("A measured piece of work failed", e.getCause());
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
