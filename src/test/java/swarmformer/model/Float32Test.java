package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.errors.DeviceException;

final class Float32Test {
  private static Device device(String type) {
    return type.equals("gpu") ? Device.gpu(0) : Device.cpu();
  }

  @ParameterizedTest
  @CsvSource({
    "gpu, amd64, TORCH_ALLOW_TF32_CUBLAS_OVERRIDE, 1",
    "gpu, amd64, NVIDIA_TF32_OVERRIDE, 1",
    "cpu, aarch64, DNNL_DEFAULT_FPMATH_MODE, BF16",
    "cpu, aarch64, ONEDNN_DEFAULT_FPMATH_MODE, ANY"
  })
  void refusesWhatHasItRounded(String type, String processor, String name, String value) {
    assertThatThrownBy(() -> Float32.check(device(type), processor, Map.of(name, value)))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot compute in float32: %s=%s has its products rounded. Unset it for the driver and the executors. Texts can be scored with --dtype bfloat16 instead."
                .formatted(name, value));
  }

  @ParameterizedTest
  @CsvSource({
    "gpu, amd64, NVIDIA_TF32_OVERRIDE, 0",
    "gpu, aarch64, DNNL_DEFAULT_FPMATH_MODE, BF16",
    "cpu, aarch64, DNNL_DEFAULT_FPMATH_MODE, STRICT",
    "cpu, amd64, ONEDNN_DEFAULT_FPMATH_MODE, BF16",
    "cpu, amd64, NVIDIA_TF32_OVERRIDE, 1"
  })
  void toleratesWhatDoesNot(String type, String processor, String name, String value) {
    assertThatCode(() -> Float32.check(device(type), processor, Map.of(name, value)))
        .doesNotThrowAnyException();
  }
}
