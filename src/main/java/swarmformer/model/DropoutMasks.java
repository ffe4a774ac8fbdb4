package swarmformer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import swarmformer.checkpoint.SwarmFormerConfig;

/**
 * Masks of dropout: slices of a pool of random values that is drawn once for each rate. To draw
 * each value anew would take a fifth of the time of a step on a CPU.
 *
 * <p>A mask begins at a random place of the pool. What is drawn depends on the seeds alone, not on
 * threads.
 */
final class DropoutMasks implements AutoCloseable {
  /** Places where a mask can begin. */
  private static final int PLACES = 1 << 21;

  private final NDManager memory;
  private final double[] rates;
  private final int longest;
  private List<NDArray> pools;

  /**
   * Draws pools.
   *
   * @param longest values of the longest mask
   */
  DropoutMasks(NDManager memory, Dropout dropout, int longest, long seed) {
    this.memory = memory.newSubManager();
    this.rates = dropout.rates();
    this.longest = longest;
    draw(seed);
  }

  /** Draws other pools. */
  void draw(long seed) {
    if (pools != null) {
      pools.forEach(NDArray::close);
    }
    SplittableRandom random = new SplittableRandom(seed);
    Map<Double, NDArray> ofRate = new LinkedHashMap<>();
    List<NDArray> drawn = new ArrayList<>();
    for (double rate : rates) {
      drawn.add(ofRate.computeIfAbsent(rate, r -> pool(r, random)));
    }
    pools = drawn;
  }

  private NDArray pool(double rate, SplittableRandom random) {
    float[] values = new float[rate == 0 ? 0 : PLACES + longest];
    float kept = (float) (1 / (1 - rate));
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextDouble() < rate ? 0 : kept;
    }
    return memory.create(FloatBuffer.wrap(values), new Shape(values.length), DataType.FLOAT32);
  }

  /** One pool for each kind of dropout. */
  List<NDArray> pools() {
    return pools;
  }

  /** Where the masks of a forward pass begin. */
  static LongStream places(SwarmFormerConfig config, SplittableRandom random) {
    int masks = 2 + config.numLayers() * (3 * config.localSteps() + 3);
    return random.longs(masks, 0, PLACES);
  }

  @Override
  public void close() {
    memory.close();
  }
}
