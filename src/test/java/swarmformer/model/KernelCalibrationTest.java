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

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void takesNoLongerForAMicroBatchThatNoBatchFills() {
    try (SwarmFormer network =
        SwarmFormer.load(checkpoint, Device.cpu(), Precision.FLOAT32, Integer.MAX_VALUE)) {
      assertThat(network.microBatch()).isEqualTo(Integer.MAX_VALUE);
      assertThat(network.logits(ROWS).rows()[1]).hasSize(2);
    }
  }
}
