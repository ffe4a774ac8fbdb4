package swarmformer.scoring;

import ai.djl.Device;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import swarmformer.errors.DeviceException;
import swarmformer.model.Cuda;

/**
 * Where a task computes.
 *
 * @param device the device
 * @param address what Spark gave the task, the first of several; null if it schedules no GPUs
 * @param fallback why this is a CPU although there is a GPU; null if there is none, or a CPU was
 *     asked for
 */
public record TaskDevice(Device device, String address, String fallback) {
  /** Each task may use the cores that Spark reserves for it. */
  static int threads() {
    return SparkEnv.get().conf().getInt("spark.task.cpus", 1);
  }

  /** What Spark gave the task of this thread; null if it schedules no GPUs. */
  static String addressOfTask() {
    TaskContext task = TaskContext.get();
    ResourceInformation gpus = task == null ? null : task.resourcesJMap().get("gpu");
    return gpus == null || gpus.addresses().length == 0 ? null : gpus.addresses()[0];
  }

  /**
   * Finds the device for a choice, on a PyTorch that has started.
   *
   * @throws DeviceException if {@code cuda} was asked for and cannot be used
   */
  static TaskDevice find(String choice, String address) {
    if (choice.equals("cpu")) {
      return new TaskDevice(Device.cpu(), address, null);
    }
    try {
      return new TaskDevice(Cuda.gpu(index(address)), address, null);
    } catch (DeviceException e) {
      if (choice.equals("cuda")) {
        throw e;
      }
      boolean expected = address != null || Cuda.expected();
      return new TaskDevice(Device.cpu(), address, expected ? e.getMessage() : null);
    }
  }

  private static int index(String address) {
    return address == null
        ? indexWithoutAddress(Cuda.gpus(), SparkEnv.get().executorId().equals("driver"))
        : index(address, System.getenv("CUDA_VISIBLE_DEVICES"));
  }

  /**
   * Index of the GPU to use where Spark schedules none: the first, unless executors that each see
   * several would all take the same.
   */
  static int indexWithoutAddress(int gpus, boolean local) {
    if (gpus > 1 && !local) {
      throw new DeviceException(
          String.format(
              Locale.ROOT,
              "Cannot use a GPU: the executor sees %d, and Spark gave it no address. Set spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount, or use --device cpu.",
              gpus));
    }
    return 0;
  }

  /**
   * CUDA's index of the GPU that Spark calls by an address of {@code conf/discover-gpus.sh}: an
   * entry of CUDA_VISIBLE_DEVICES, which CUDA counts from 0, or an index where that is not set.
   * Where it isolates a single GPU, it is the one.
   *
   * @param visible CUDA_VISIBLE_DEVICES; null if it is not set
   */
  static int index(String address, String visible) {
    if (visible == null && address.matches("\\d{1,4}")) {
      return Integer.parseInt(address);
    }
    List<String> entries = visible == null ? List.of() : Arrays.asList(visible.split(","));
    if (entries.contains(address)) {
      return entries.indexOf(address);
    }
    if (entries.size() == 1) {
      return 0;
    }
    throw new DeviceException(
        "Cannot use a GPU: Spark gave the address '%s', but CUDA_VISIBLE_DEVICES %s. Set the GPU discovery script to conf/discover-gpus.sh, or use --device cpu."
            .formatted(address, visible == null ? "is not set" : "is '" + visible + "'"));
  }

  /** As torch calls the device: {@code cpu}, {@code cuda:0}. */
  String name() {
    return device.isGpu() ? "cuda:" + device.getDeviceId() : device.getDeviceType();
  }
}
