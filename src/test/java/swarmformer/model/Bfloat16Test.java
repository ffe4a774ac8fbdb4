package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.SafetensorsFiles;
import swarmformer.checkpoint.SwarmFormerConfig;

final class Bfloat16Test {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "flags\t\t: fpu avx512f avx512_bf16 amx_tile",
        "flags\t\t: fpu amx_bf16",
        "Features\t: fp asimd bf16"
      })
  void knowsProcessorsThatMultiplyIt(String line) {
    assertThat(Bfloat16.isNative(Stream.of("processor\t: 0", line, "model\t: 1"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"flags\t\t: fpu avx2 avx512f", "Features\t: fp asimd", "model name\t: bf16"})
  void knowsProcessorsThatDoNot(String line) {
    assertThat(Bfloat16.isNative(Stream.of(line))).isFalse();
  }

  @Test
  void toleratesTossUpsOnly() {
    assertThat(Bfloat16.agree(new float[] {1, 0.96f}, new float[] {1, 1.01f})).isTrue();
    assertThat(Bfloat16.agree(new float[] {1, 0.9f}, new float[] {1, 1.01f})).isFalse();
    assertThat(Bfloat16.agree(new float[] {0, 1, 2}, new float[] {0.1f, 0.9f, 2.1f})).isTrue();
    assertThat(Bfloat16.agree(new float[] {0, 1}, new float[] {0, Float.NaN})).isFalse();
    assertThat(Bfloat16.agree(new float[] {0, 1}, new float[] {Float.NaN, 1})).isFalse();
  }

  @Test
  void checksAModel() {
    TorchEngine.start(1);
    SwarmFormerConfig config = new SwarmFormerConfig(500, 32, 64, 4, 2, 3, List.of());
    Checkpoint checkpoint = SafetensorsFiles.checkpoint(config, 2, Dtype.F32);
    assertThat(Bfloat16.agrees(checkpoint, Device.cpu())).isTrue();
  }
}
