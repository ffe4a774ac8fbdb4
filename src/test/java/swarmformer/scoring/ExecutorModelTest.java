package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;

final class ExecutorModelTest {
  private final ModelFiles files =
      new Checkpoints(new Configuration(), Map.of()).read(Golden.file("tiny/a").toString());

  @BeforeAll
  static void startEngine() {
    TorchEngine.start(1);
  }

  @Test
  void loadsAModelOnce() {
    ExecutorModel first = load(files);
    long loads = ExecutorFigures.MODEL_LOADS.getCount();
    ModelFiles again =
        new ModelFiles("other", files.config(), files.weights().clone(), files.sha256());
    assertThat(load(again)).isSameAs(first);
    assertThat(ExecutorFigures.MODEL_LOADS.getCount()).isEqualTo(loads);
  }

  @Test
  void refusesWeightsThatChangedOnTheirWay() {
    byte[] weights = files.weights().clone();
    weights[weights.length - 1] ^= 1;
    String claimed = "0".repeat(64);
    assertThatThrownBy(() -> load(new ModelFiles("m", files.config(), weights, claimed)))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "Cannot load model m: the driver checked weights with SHA-256 0{64}, and [0-9a-f]{64} arrived at the executor\\. Run again; if it comes back, check the memory of the machine\\.");
  }

  private static ExecutorModel load(ModelFiles model) {
    ScoringSettings settings = CpuSettings.of(256, false, false, false);
    return ExecutorState.ofJvm().model(model, Device.cpu(), settings);
  }
}
