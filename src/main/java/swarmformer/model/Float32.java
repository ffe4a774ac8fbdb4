package swarmformer.model;

import ai.djl.Device;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import swarmformer.errors.DeviceException;

/** Whether products in float32 are what their name says. Variables may have them rounded. */
final class Float32 {
  /** Which of PyTorch and NVIDIA's libraries round to TF32 if they are 1. */
  private static final List<String> OF_GPUS =
      List.of("TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "NVIDIA_TF32_OVERRIDE");

  /** With which oneDNN rounds to bfloat16, unless they are STRICT. */
  private static final List<String> OF_ONEDNN =
      List.of("ONEDNN_DEFAULT_FPMATH_MODE", "DNNL_DEFAULT_FPMATH_MODE");

  private Float32() {}

  /**
   * Looks for variables that round the products of {@link Products#PLAIN}: on ARM, PyTorch's own
   * are oneDNN's. On other processors they are not, and {@link KernelCalibration} compares.
   *
   * @param processor as Java calls its architecture
   * @throws DeviceException if there is one
   */
  static void check(Device device, String processor, Map<String, String> environment) {
    Optional<String> rounding = Optional.empty();
    if (device.isGpu()) {
      rounding = OF_GPUS.stream().filter(name -> "1".equals(environment.get(name))).findFirst();
    } else if (processor.equals("aarch64")) {
      rounding =
          OF_ONEDNN.stream()
              .filter(name -> !environment.getOrDefault(name, "STRICT").equals("STRICT"))
              .findFirst();
    }
    rounding.ifPresent(
        name -> {
          throw new DeviceException(
              "Cannot compute in float32: %s=%s has its products rounded. Unset it for the driver and the executors. Texts can be scored with --dtype bfloat16 instead."
                  .formatted(name, environment.get(name)));
        });
  }
}
