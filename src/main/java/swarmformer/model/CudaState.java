package swarmformer.model;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link Cuda} found of NVIDIA's driver and of CUDA in PyTorch.
 *
 * @param kernelModule whether the kernel has the driver
 * @param library whether the driver's library can be loaded
 * @param refusal the driver's code for why it serves this process with nothing; 0 if it serves
 * @param gpus GPUs that this process sees
 * @param libtorch directory that PyTorch was loaded from
 * @param cudaBuild whether that is a build for CUDA
 * @param environment the environment of the process
 */
record CudaState(
    boolean kernelModule,
    boolean library,
    int refusal,
    int gpus,
    String libtorch,
    boolean cudaBuild,
    Map<String, String> environment) {
  /** The driver's CUDA_ERROR_NO_DEVICE. */
  private static final int NO_DEVICE = 100;

  /** Why PyTorch cannot use the GPU of an index, and what to do; empty if nothing is known. */
  Optional<String> fault(int index) {
    return driverFault().or(() -> indexFault(index)).or(this::buildFault);
  }

  private Optional<String> driverFault() {
    if (!library) {
      return Optional.of(
          kernelModule
              ? "the kernel has NVIDIA's driver, and libcuda.so.1 cannot be loaded. Start the container with the NVIDIA runtime"
              : "there is no NVIDIA driver (neither /proc/driver/nvidia nor libcuda.so.1). Check the machine with nvidia-smi");
    }
    if (refusal == NO_DEVICE || (refusal == 0 && gpus == 0)) {
      return Optional.of(
          "the NVIDIA driver shows this process no GPU%s. Check the machine with nvidia-smi"
              .formatted(visibleDevices()));
    }
    return refusal == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "the NVIDIA driver refuses with code %d. Check the machine with nvidia-smi",
                refusal));
  }

  private Optional<String> indexFault(int index) {
    return index < gpus
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "GPU %d was asked for and this process sees %d%s. Check the GPU discovery script",
                index,
                gpus,
                visibleDevices()));
  }

  private Optional<String> buildFault() {
    String path = environment.get("PYTORCH_LIBRARY_PATH");
    String flavor = environment.get("PYTORCH_FLAVOR");
    if (!cudaBuild) {
      return Optional.of(
          path == null
              ? "the CPU natives are in the way (PyTorch was loaded from %s). Leave the natives-cpu jar out of --jars and set PYTORCH_LIBRARY_PATH to the lib directory of a CUDA build of libtorch"
                  .formatted(libtorch)
              : "PYTORCH_LIBRARY_PATH=%s holds a CPU build of libtorch. Set it to the lib directory of a CUDA build"
                  .formatted(path));
    }
    return flavor == null || flavor.startsWith("cu")
        ? Optional.empty()
        : Optional.of(
            "PYTORCH_FLAVOR=%s is the wrong flavor for the CUDA build of libtorch in %s. Set it to that build's, such as cu128"
                .formatted(flavor, libtorch));
  }

  private String visibleDevices() {
    String visible = environment.get("CUDA_VISIBLE_DEVICES");
    return visible == null ? "" : " (CUDA_VISIBLE_DEVICES=" + visible + ")";
  }
}
