package swarmformer.bench;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import swarmformer.errors.DeviceException;
import swarmformer.model.Logits;
import swarmformer.model.MatrixProduct;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;
import swarmformer.tokens.Tokens;

/** Times tokenizer, network and both on the same texts, in batches as a run has them. */
public final class Benchmark {
  /** Products of a matrix with another, before the clock is read again. */
  private static final int PRODUCTS = 40;

  private static final int PIECES_OF_THREAD = 4;

  private final List<String> texts;
  private final Function<String, Tokens> tokenizer;
  private final SwarmFormer network;
  private final int batchRows;
  private final int threads;
  private final int runs;
  private final Semaphore permits;

  /**
   * What was measured; every rate is for all threads together.
   *
   * @param precision number format of the network
   * @param tokens token ids of all texts
   * @param positions that the network computed for all texts
   * @param tokenise texts a second through the tokenizer
   * @param model texts a second through the network
   * @param endToEnd texts a second through both
   * @param gflops 10^9 operations a second of the network's products
   * @param matmulGflops 10^9 operations a second of products of large matrices
   */
  public record Result(
      Precision precision,
      long tokens,
      long positions,
      Figure tokenise,
      Figure model,
      Figure endToEnd,
      Figure gflops,
      Figure matmulGflops) {}

  /**
   * A benchmark that measures each figure {@code runs} times after a warm-up.
   *
   * @param permits a thread holds one while it uses the device
   */
  public Benchmark(
      List<String> texts,
      Function<String, Tokens> tokenizer,
      SwarmFormer network,
      int batchRows,
      int threads,
      Semaphore permits,
      int runs) {
    this.texts = List.copyOf(texts);
    this.tokenizer = tokenizer;
    this.network = network;
    this.batchRows = batchRows;
    this.threads = threads;
    this.permits = permits;
    this.runs = runs;
  }

  /**
   * Measures.
   *
   * @throws DeviceException if the device has no memory for a text
   */
  public Result execute() {
    int batches = (texts.size() + batchRows - 1) / batchRows;
    double rowsPerBatch = (double) texts.size() / batches;
    // Enough pieces that no thread is idle for long at the end, each batch as often as the others.
    int pieces = batches * ((PIECES_OF_THREAD * threads + batches - 1) / batches);
    int[][][] ids = IntStream.range(0, batches).mapToObj(this::tokenise).toArray(int[][][]::new);
    try (Workers workers = new Workers(threads)) {
      Figure tokenise =
          workers
              .piecesPerSecond(pieces, runs, piece -> tokenise(piece % batches))
              .times(rowsPerBatch);
      List<Logits> logits = Arrays.stream(ids).map(this::logits).toList();
      Figure model =
          workers
              .piecesPerSecond(pieces, runs, piece -> logits(ids[piece % batches]))
              .times(rowsPerBatch);
      Figure both =
          workers
              .piecesPerSecond(pieces, runs, piece -> logits(tokenise(piece % batches)))
              .times(rowsPerBatch);
      double operations = logits.stream().mapToDouble(Logits::operations).sum() / texts.size();
      return new Result(
          network.precision(),
          tokens(ids),
          logits.stream().mapToLong(Logits::allPositions).sum(),
          tokenise,
          model,
          both,
          model.times(operations / 1e9),
          matmul(workers, network.precision()));
    }
  }

  private int[][] tokenise(int batch) {
    int from = batch * batchRows;
    int to = Math.min(texts.size(), from + batchRows);
    return texts.subList(from, to).stream()
        .map(text -> tokenizer.apply(text).ids())
        .toArray(int[][]::new);
  }

  private Logits logits(int[][] ids) {
    Logits logits = withPermit(() -> network.logits(ids));
    if (Arrays.asList(logits.rows()).contains(null)) {
      throw new DeviceException(
          "Cannot measure: the device has no memory for the longest text alone. Free some.");
    }
    return logits;
  }

  private <T> T withPermit(Supplier<T> work) {
    permits.acquireUninterruptibly();
    try {
      return work.get();
    } finally {
      permits.release();
    }
  }

  private Figure matmul(Workers workers, Precision precision) {
    try (MatrixProduct product = new MatrixProduct(network.device(), precision)) {
      return workers
          .piecesPerSecond(
              threads * PRODUCTS,
              runs,
              piece ->
                  withPermit(
                      () -> {
                        product.run();
                        return piece;
                      }))
          .times(product.operations() / 1e9);
    }
  }

  private static long tokens(int[][][] ids) {
    long tokens = 0;
    for (int[][] batch : ids) {
      for (int[] row : batch) {
        tokens += row.length;
      }
    }
    return tokens;
  }
}
