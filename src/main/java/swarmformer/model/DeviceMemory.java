package swarmformer.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.List;
import java.util.function.Supplier;
import swarmformer.errors.DeviceMemoryException;

/** Memory of devices that runs out. PyTorch tells it by texts alone. */
public final class DeviceMemory {
  /**
   * What PyTorch says of memory on GPUs and CPUs, and the codes of NVIDIA's libraries when they
   * have no memory for themselves. A new cuBLAS handle then is "not initialized".
   */
  private static final List<String> SIGNS =
      List.of(
          "out of memory",
          "can't allocate memory",
          "CUBLAS_STATUS_ALLOC_FAILED",
          "CUBLAS_STATUS_NOT_INITIALIZED",
          "CUDNN_STATUS_ALLOC_FAILED");

  private DeviceMemory() {}

  /** Whether PyTorch had no memory for what it was asked to do. */
  public static boolean isExhausted(Throwable failure) {
    return isSign(String.valueOf(failure.getMessage()));
  }

  private static boolean isSign(String text) {
    return SIGNS.stream().anyMatch(text::contains);
  }

  /**
   * Computes on a device. If a GPU has no memory for it, PyTorch gives back what it keeps for
   * later, which NVIDIA's libraries cannot take from it, and the computation is tried once more.
   */
  static <T> T compute(Device device, Supplier<T> work) {
    try {
      return work.get();
    } catch (EngineException e) {
      if (!device.isGpu() || !isExhausted(e)) {
        throw e;
      }
      TorchJni.emptyCudaCache();
    }
    return work.get();
  }

  /** What to throw for a failure while a model is loaded onto a device. */
  static RuntimeException whileLoading(Device device, EngineException failure) {
    if (!isExhausted(failure)) {
      return failure;
    }
    if (device.isGpu()) {
      TorchJni.emptyCudaCache(); // others can use it
    }
    String reason =
        failure.getMessage().lines().filter(DeviceMemory::isSign).findFirst().orElseThrow();
    return noneOn(device, reason.strip(), failure);
  }

  /**
   * That a device has no memory to use a model.
   *
   * @param reason in brackets
   */
  static DeviceMemoryException noneOn(Device device, String reason, Throwable failure) {
    return new DeviceMemoryException(
        device.isGpu()
            ? "Cannot load the model: there is no free memory on GPU %s (%s). Stop what else uses it, which nvidia-smi lists, or use --device cpu."
                .formatted(device.getDeviceId(), reason)
            : "Cannot load the model: there is no free memory on the CPU (%s). Give the process more; on a cluster, raise spark.executor.memoryOverhead."
                .formatted(reason),
        failure);
  }
}
