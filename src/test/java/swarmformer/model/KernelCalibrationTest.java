package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.SafetensorsFiles;
import swarmformer.checkpoint.SwarmFormerConfig;

final class KernelCalibrationTest {
  private static final int[][] ROWS = {{1, 2, 3}, {4, 5, 6, 7, 8, 9, 10}};

  private final Checkpoint checkpoint =
      SafetensorsFiles.checkpoint(
          new SwarmFormerConfig(500, 64, 64, 4, 2, 3, List.of()), 2, Dtype.F32);

  @BeforeAll
  static void startEngine() {
    TorchEngine.start(1);
  }

  private SwarmFormer load(Precision precision, String products, int microBatch) {
    return KernelCalibration.load(checkpoint, Device.cpu(), precision, products, microBatch);
  }

  @Test
  void doesNotChooseAFasterLibraryWithOtherLogits() {
    try (SwarmFormer chosen = load(Precision.FLOAT32, "hasty.py", 2_048);
        SwarmFormer plain = SwarmFormer.plain(checkpoint, Device.cpu(), Precision.FLOAT32, 2_048);
        SwarmFormer hasty =
            new SwarmFormer(checkpoint, Device.cpu(), Precision.FLOAT32, "hasty.py", 2_048)) {
      assertThat(chosen.logits(ROWS).rows()).isDeepEqualTo(plain.logits(ROWS).rows());
      assertThat(hasty.logits(ROWS).rows()[0][0]).isNotEqualTo(plain.logits(ROWS).rows()[0][0]);
    }
  }

  /** What oneDNN gave for small-imdb, and about what rounding to bfloat16 does. */
  @Test
  void knowsRoundingFromTheOrderOfAdditions() {
    float[][] plain = {{-0.5054553f, 0.47054213f}, {120.5f, -3}};
    assertThat(
            KernelCalibration.agree(
                plain, new float[][] {{-0.50545526f, 0.47054198f}, {120.5001f, -3}}))
        .isTrue();
    assertThat(KernelCalibration.agree(plain, new float[][] {{-0.5054553f, 0.4713f}, {120.5f, -3}}))
        .isFalse();
    assertThat(
            KernelCalibration.agree(plain, new float[][] {{-0.5054553f, Float.NaN}, {120.5f, -3}}))
        .isFalse();
    assertThat(KernelCalibration.agree(plain, new float[][] {plain[0], null})).isFalse();
    float[][] withoutLogits = {{Float.NaN, 1}, null};
    assertThat(KernelCalibration.agree(withoutLogits, withoutLogits)).isTrue();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void takesNoLongerForAMicroBatchThatNoBatchFills() {
    try (SwarmFormer network = load(Precision.FLOAT32, Products.ONEDNN, Integer.MAX_VALUE)) {
      assertThat(network.microBatch()).isEqualTo(Integer.MAX_VALUE);
      assertThat(network.logits(ROWS).rows()[1]).hasSize(2);
    }
  }
}
