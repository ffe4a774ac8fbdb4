package swarmformer.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.cuda.CudaUtils;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import swarmformer.errors.DeviceException;

/**
 * NVIDIA's GPUs as this process finds them. The driver is asked, not DJL, to which every error is
 * "0 GPUs".
 */
public final class Cuda {
  private static final String DRIVER = "libcuda.so.1";
  private static final Path KERNEL_MODULE = Path.of("/proc/driver/nvidia");

  /** CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR of the driver's cuda.h. */
  private static final int MAJOR_CAPABILITY = 75;

  private static final String CUDA_PART_OF_LIBTORCH = "libtorch_cuda.so";

  private Cuda() {}

  /** Number of GPUs that this process sees; 0 if there is no driver. */
  public static int gpus() {
    return driver().gpus();
  }

  /** Whether this machine has a GPU, as far as one can see, usable or not. */
  public static boolean expected() {
    return Files.exists(KERNEL_MODULE) || gpus() > 0;
  }

  /**
   * Finds the GPU of an index and computes something on it. {@link TorchEngine#start} comes first.
   *
   * @throws DeviceException if PyTorch cannot use it, with the reason
   */
  public static Device gpu(int index) {
    state()
        .fault(index)
        .ifPresent(
            fault -> {
              throw new DeviceException(
                  "Cannot use a GPU: %s, or use --device cpu.".formatted(fault));
            });
    Device gpu = Device.gpu(index);
    try (NDManager scratch = TorchEngine.newManager(gpu)) {
      scratch.ones(new Shape(1), DataType.FLOAT32).add(1).toFloatArray();
      return gpu;
    } catch (EngineException e) {
      if (DeviceMemory.isExhausted(e)) {
        throw DeviceMemory.noneOn(gpu, firstLine(e), e);
      }
      throw new DeviceException(
          String.format(
              Locale.ROOT,
              "Cannot use a GPU: PyTorch %s fails on GPU %d (%s). Check that the driver is new enough for its CUDA, or use --device cpu.",
              TorchEngine.pytorchVersion(),
              index,
              firstLine(e)),
          e);
    }
  }

  /**
   * The major number of a GPU's compute capability; 0 if the driver does not tell it. DJL would ask
   * libcudart, which need not be where the loader looks.
   */
  static int majorCapability(int index) {
    if (index >= gpus()) {
      return 0;
    }
    NativeLibrary driver = NativeLibrary.getInstance(DRIVER);
    IntByReference device = new IntByReference();
    IntByReference major = new IntByReference();
    int refusal = driver.getFunction("cuDeviceGet").invokeInt(new Object[] {device, index});
    if (refusal == 0) {
      refusal =
          driver
              .getFunction("cuDeviceGetAttribute")
              .invokeInt(new Object[] {major, MAJOR_CAPABILITY, device.getValue()});
    }
    return refusal == 0 ? major.getValue() : 0;
  }

  /** Memory of a device that is taken, by any process; null for a CPU or where it is not told. */
  public static Long bytesInUse(Device device) {
    try {
      return device.isGpu() ? CudaUtils.getGpuMemory(device).getUsed() : null;
    } catch (RuntimeException e) {
      return null;
    }
  }

  private record Driver(boolean library, int refusal, int gpus) {}

  private static CudaState state() {
    Driver driver = driver();
    String libtorch = LibUtils.getLibtorchPath();
    return new CudaState(
        Files.exists(KERNEL_MODULE),
        driver.library(),
        driver.refusal(),
        driver.gpus(),
        libtorch,
        Files.exists(Path.of(libtorch, CUDA_PART_OF_LIBTORCH)),
        System.getenv());
  }

  private static Driver driver() {
    try {
      NativeLibrary library = NativeLibrary.getInstance(DRIVER);
      int refusal = library.getFunction("cuInit").invokeInt(new Object[] {0});
      IntByReference gpus = new IntByReference();
      if (refusal == 0) {
        refusal = library.getFunction("cuDeviceGetCount").invokeInt(new Object[] {gpus});
      }
      return new Driver(true, refusal, gpus.getValue());
    } catch (LinkageError e) { // no driver; or JNA cannot be loaded
      return new Driver(false, 0, 0);
    }
  }

  private static String firstLine(EngineException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
