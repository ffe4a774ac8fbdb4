package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.util.Platform;
import org.junit.jupiter.api.Test;

final class TorchEngineTest {
  @Test
  void tellsTheVersionThatLibtorchTellsOfItself() {
    TorchEngine.start(1);
    assertThat(TorchEngine.pytorchVersion()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(Platform.detectPlatform("pytorch").getVersion())
        .startsWith(TorchEngine.pytorchVersion());
  }
}
