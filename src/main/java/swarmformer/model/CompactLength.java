package swarmformer.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import swarmformer.checkpoint.SwarmFormerConfig;

/**
 * Which positions have to be computed for texts of some length, exactly.
 *
 * <p>The network has no mask: padding takes part in every step. But padding that no token has
 * reached yet is equal, position by position. A local step moves each end of that run by one
 * position; after the T steps of a layer it shrinks to whole clusters, because all tokens of a
 * cluster get the update of its mean. So of the run are computed
 *
 * <ul>
 *   <li>in the local steps 2 T + 1 positions, of which one is still equal to the rest at the end;
 *   <li>among the clusters one, which stands for all of them.
 * </ul>
 *
 * <p>With n tokens, L positions, s the cluster size, the run begins at {@code a}, from a = n by a =
 * roundUp(a + T, s) in each layer, and ends {@code z} before the end, from z = 0 by the same step.
 *
 * @param layers what each layer computes
 */
record CompactLength(List<Layer> layers) {
  /**
   * What a layer computes.
   *
   * @param before how the rows are changed before the local steps
   * @param local positions of a row in the local steps
   * @param after how the rows are changed behind the local steps
   * @param broadcast positions of a row among the clusters
   * @param pureCluster index of the cluster that stands for others
   * @param copies how many equal clusters it stands for; 1 where nothing is left out
   */
  record Layer(Run before, int local, Run after, int broadcast, int pureCluster, int copies) {}

  /**
   * Equal positions of a row, replaced by another number of them.
   *
   * @param from the first
   * @param to behind the last
   * @param copies that take their place
   */
  record Run(int from, int to, int copies) {
    private LongStream sizes() {
      return LongStream.of(from, to, copies);
    }
  }

  /**
   * The positions for a batch.
   *
   * @param tokens of its longest text, 1 to L
   */
  static CompactLength of(int tokens, SwarmFormerConfig config) {
    List<Layer> layers = new ArrayList<>();
    Padding padding = new Padding(tokens, 0, config.seqLen() - tokens);
    int kept = Math.min(padding.equal(), 2 * config.localSteps() + 1);
    for (int layer = 0; layer < config.numLayers(); layer++) {
      Padding next = padding.afterLayer(config);
      layers.add(layer(padding, kept, next, config));
      padding = next;
      kept = Math.min(padding.equal(), config.clusterSize());
    }
    return new CompactLength(layers);
  }

  /** A layer of rows that have {@code kept} positions of the run in front of it. */
  private static Layer layer(Padding padding, int kept, Padding next, SwarmFormerConfig config) {
    int steps = config.localSteps();
    int size = config.clusterSize();
    int some = Math.min(padding.equal(), 2 * steps + 1);
    int local = config.seqLen() - padding.equal() + some;
    int broadcast = config.seqLen() - next.equal() + Math.min(next.equal(), size);
    int middle = padding.start() + steps;
    return new Layer(
        new Run(padding.start(), padding.start() + kept, some),
        local,
        new Run(middle, middle + 1, 1 + broadcast - local),
        broadcast,
        next.equal() == 0 ? 0 : next.start() / size,
        Math.max(1, next.equal() / size));
  }

  /** Positions that the local steps compute for the first layer, which rows of ids have. */
  int ids() {
    return layers.get(0).local();
  }

  /** Positions of what the last layer gives. The tokens are the first of them. */
  int encoded() {
    return layers.get(layers.size() - 1).broadcast();
  }

  /** Positions of the local steps, the mean of all layers, rounded up. */
  int positions() {
    int sum = layers.stream().mapToInt(Layer::local).sum();
    return (sum + layers.size() - 1) / layers.size();
  }

  /** What {@code sizes.py} is told: for each layer both runs, the pure cluster, its copies. */
  LongStream sizes() {
    return layers.stream()
        .flatMapToLong(
            layer ->
                LongStream.concat(
                    LongStream.concat(layer.before().sizes(), layer.after().sizes()),
                    LongStream.of(layer.pureCluster(), layer.copies())));
  }

  /**
   * Multiplications and additions of the products with weights, for one row. The first product of
   * the first step is looked up.
   */
  double operations(SwarmFormerConfig config) {
    double products = -2.0 * ids();
    for (Layer layer : layers) {
      products += 5.0 * config.localSteps() * layer.local();
      products += (2 + 5.0 / config.clusterSize()) * layer.broadcast();
    }
    return products * 2 * config.dModel() * config.dModel();
  }

  /**
   * The run of equal padding.
   *
   * @param start its first position
   * @param end positions behind it
   * @param equal its length
   */
  private record Padding(int start, int end, int equal) {
    Padding afterLayer(SwarmFormerConfig config) {
      int nextStart = roundUp(start + config.localSteps(), config.clusterSize());
      int nextEnd = roundUp(end + config.localSteps(), config.clusterSize());
      return new Padding(nextStart, nextEnd, Math.max(0, config.seqLen() - nextStart - nextEnd));
    }
  }

  private static int roundUp(int value, int size) {
    return (value + size - 1) / size * size;
  }
}
