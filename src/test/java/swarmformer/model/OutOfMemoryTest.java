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

/** A program that fails above 3,000 positions, as a GPU does whose memory is full. */
final class OutOfMemoryTest {
  @BeforeAll
  static void startEngine() {
    TorchEngine.start(1);
  }

  @Test
  void computesFewerRowsAtOnceAndRemembersIt() {
    Checkpoint checkpoint = checkpoint(256);
    int[][] rows = rows(60, 256);
    try (SwarmFormer scarce = load(checkpoint, "scarce.py");
        SwarmFormer plain = load(checkpoint, Products.PLAIN)) {
      float[][] logits = scarce.logits(rows).rows();
      float[][] expected = plain.logits(rows).rows();
      for (int row = 0; row < rows.length; row++) {
        assertThat(logits[row]).containsExactly(expected[row], within(1e-5f));
      }
      assertThat(scarce.microBatch()).isBetween(1_500, 3_000);
      int remembered = scarce.microBatch();
      scarce.logits(rows);
      assertThat(scarce.microBatch()).isEqualTo(remembered);
    }
  }

  @Test
  void givesNullForARowThatDoesNotFitAlone() {
    Checkpoint checkpoint = checkpoint(4_096);
    int[][] rows = {{5, 6, 7}, new Random(3).ints(4_000, 0, 60).toArray(), {8}};
    try (SwarmFormer scarce = load(checkpoint, "scarce.py")) {
      float[][] logits = scarce.logits(rows).rows();
      assertThat(logits[0]).hasSize(2);
      assertThat(logits[1]).isNull();
      assertThat(logits[2]).hasSize(2);
    }
  }

  private static SwarmFormer load(Checkpoint checkpoint, String products) {
    return new SwarmFormer(
        checkpoint, Device.cpu(), Precision.FLOAT32, products, Integer.MAX_VALUE);
  }

  private static Checkpoint checkpoint(int length) {
    SwarmFormerConfig config = new SwarmFormerConfig(60, 8, length, 4, 1, 1, List.of());
    return SafetensorsFiles.checkpoint(config, 2, Dtype.F32);
  }

  private static int[][] rows(int count, int longest) {
    Random random = new Random(2);
    return IntStream.range(0, count)
        .mapToObj(row -> random.ints(1 + random.nextInt(longest), 0, 60).toArray())
        .toArray(int[][]::new);
  }
}
