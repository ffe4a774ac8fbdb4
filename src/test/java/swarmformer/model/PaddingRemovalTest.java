package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.SafetensorsFiles;
import swarmformer.checkpoint.SwarmFormerConfig;

/** Inference leaves out most of the padding and gives the logits of the full length. */
final class PaddingRemovalTest {
  private static final int VOCABULARY = 50;

  /** Of 1 + |logit|, in float32. */
  private static final double TOLERANCE = 1e-5;

  @BeforeAll
  static void startEngine() {
    TorchEngine.start(1);
  }

  @Test
  void randomConfigurationsAndLengthsGiveTheFullLengthsLogits() {
    Random random = new Random(11);
    boolean oneDnn = OneDnn.isThere();
    long computed = 0;
    long full = 0;
    for (int round = 0; round < 75; round++) {
      SwarmFormerConfig config = randomConfig(random);
      int[][] rows = randomRows(1 + random.nextInt(6), config, random);
      computed += compare(config, rows, Products.PLAIN);
      if (round % 3 == 0 && oneDnn) {
        compare(config, rows, Products.ONEDNN);
      }
      full += (long) rows.length * config.seqLen();
    }
    assertThat(computed).as("positions computed of %d", full).isLessThan(full * 3 / 4);
  }

  @Test
  void edgesGiveTheFullLengthsLogits() {
    Random random = new Random(12);
    for (SwarmFormerConfig config :
        List.of(
            config(64, 1, 1, 1), // clusters of one
            config(64, 64, 1, 2), // one cluster
            config(120, 4, 3, 2), // three layers
            config(96, 4, 1, 5), // more steps than a cluster is long
            config(8, 4, 2, 3))) { // never room to leave out
      for (int tokens = 1; tokens <= config.seqLen(); tokens++) {
        if (tokens < 6 || tokens > config.seqLen() - 20 || tokens % 7 == 0) {
          compare(config, new int[][] {randomRow(tokens, random)}, Products.PLAIN);
        }
      }
    }
  }

  @Test
  void literalPaddingInsideATextIsAToken() {
    SwarmFormerConfig config = config(160, 4, 2, 3);
    int[][] rows = {{7, 0, 0, 0, 0, 0, 9, 0, 0}, {0}, {0, 0, 0, 3}};
    compare(config, rows, Products.PLAIN);
  }

  @Test
  void smallAndBaseComputeWhatTheMathematicsSays() {
    SwarmFormerConfig small = new SwarmFormerConfig(30_522, 128, 256, 8, 2, 3, List.of());
    SwarmFormerConfig base = new SwarmFormerConfig(30_522, 192, 768, 4, 2, 3, List.of());
    assertThat(CompactLength.of(60, small).layers())
        .containsExactly(
            layer(run(60, 67, 7), 67, run(63, 64, 14), 80, 8, 23),
            layer(run(64, 72, 7), 79, run(67, 68, 18), 96, 9, 21));
    assertThat(CompactLength.of(60, base).layers())
        .containsExactly(
            layer(run(60, 67, 7), 67, run(63, 64, 6), 72, 16, 175),
            layer(run(64, 68, 7), 75, run(67, 68, 6), 80, 17, 173));
    assertThat(CompactLength.of(256, small).positions()).isEqualTo(256);
    assertThat(CompactLength.of(760, base).layers().get(1).broadcast()).isEqualTo(768);
  }

  @Test
  void countsTheOperationsOfAFullRow() {
    SwarmFormerConfig small = new SwarmFormerConfig(30_522, 128, 256, 8, 2, 3, List.of());
    SwarmFormerConfig base = new SwarmFormerConfig(30_522, 192, 768, 4, 2, 3, List.of());
    double lookedUp = 2 * 2.0 * 256 * 128 * 128;
    assertThat(CompactLength.of(256, small).operations(small) + lookedUp)
        .isCloseTo(0.295e9, within(0.001e9));
    lookedUp = 2 * 2.0 * 768 * 192 * 192;
    assertThat(CompactLength.of(768, base).operations(base) + lookedUp)
        .isCloseTo(2.067e9, within(0.001e9));
  }

  private static CompactLength.Layer layer(
      CompactLength.Run before,
      int local,
      CompactLength.Run after,
      int broadcast,
      int pureCluster,
      int copies) {
    return new CompactLength.Layer(before, local, after, broadcast, pureCluster, copies);
  }

  private static CompactLength.Run run(int from, int to, int copies) {
    return new CompactLength.Run(from, to, copies);
  }

  /** Compares each row with the plain network and gives the number of positions computed. */
  private static long compare(SwarmFormerConfig config, int[][] rows, String products) {
    Checkpoint checkpoint = SafetensorsFiles.checkpoint(config, 2, Dtype.F32);
    try (SwarmFormer network =
            new SwarmFormer(checkpoint, Device.cpu(), Precision.FLOAT32, products, 1_024);
        PlainNetwork plain = new PlainNetwork(checkpoint.config(), checkpoint.weights())) {
      Logits logits = network.logits(rows);
      for (int row = 0; row < rows.length; row++) {
        double[] expected = plain.logits(rows[row]);
        for (int i = 0; i < expected.length; i++) {
          assertThat((double) logits.rows()[row][i])
              .as("%s, %d tokens", config, rows[row].length)
              .isCloseTo(expected[i], within(TOLERANCE * (1 + Math.abs(expected[i]))));
        }
      }
      return logits.allPositions();
    }
  }

  private static SwarmFormerConfig config(int length, int size, int layers, int steps) {
    return new SwarmFormerConfig(VOCABULARY, 12, length, size, layers, steps, List.of());
  }

  private static SwarmFormerConfig randomConfig(Random random) {
    int size = 1 + random.nextInt(16);
    int clusters = 1 + random.nextInt(Math.max(1, 400 / size));
    return new SwarmFormerConfig(
        VOCABULARY,
        4 + random.nextInt(20),
        size * clusters,
        size,
        1 + random.nextInt(4),
        1 + random.nextInt(5),
        List.of());
  }

  private static int[][] randomRows(int count, SwarmFormerConfig config, Random random) {
    return IntStream.range(0, count)
        .mapToObj(
            row -> {
              int most = random.nextInt(4) == 0 ? config.seqLen() : 1 + config.seqLen() / 8;
              return randomRow(1 + random.nextInt(most), random);
            })
        .toArray(int[][]::new);
  }

  private static int[] randomRow(int tokens, Random random) {
    return random.ints(tokens, 0, VOCABULARY).toArray();
  }
}
