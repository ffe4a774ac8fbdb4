package swarmformer.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.Platform;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.errors.DeviceException;

/**
 * PyTorch in this JVM: loaded once, on first use, without the network.
 *
 * <p>DJL reads its settings when the engine starts, so every use of it passes through here.
 */
public final class TorchEngine {
  /** Intra-op threads of each thread that runs the network; wins over what a job asks for. */
  public static final String THREADS_PROPERTY = "ai.djl.pytorch.num_threads";

  /** What {@link #device} takes, the default first. */
  public static final List<String> DEVICES = List.of("auto", "cpu", "cuda");

  /** Keeps libtorch's symbols to those that loaded it, unlike JNA's default. */
  private static final int RTLD_LAZY = 1;

  private static final Logger LOG = LoggerFactory.getLogger(TorchEngine.class);

  private static Optional<Loaded> loaded = Optional.empty();

  private TorchEngine() {}

  /**
   * A PyTorch that runs in this JVM.
   *
   * @param version of libtorch, as it says itself
   * @param flavor {@code cpu}, or {@code cu} and the version of CUDA
   * @param natives directory of the libraries that were unpacked
   * @param threads intra-op threads of each thread that runs the network
   */
  public record Loaded(String version, String flavor, Path natives, int threads) {}

  /**
   * Loads the engine unless it is loaded already.
   *
   * @param threads intra-op threads of each thread that runs the network; ignored when the engine
   *     is loaded already or {@value #THREADS_PROPERTY} is set
   * @throws DeviceException if there is no libtorch that can be loaded
   */
  public static synchronized void start(int threads) {
    if (loaded.isEmpty()) {
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      setDefault(THREADS_PROPERTY, Integer.toString(threads));
      setDefault("ai.djl.pytorch.num_interop_threads", "1");
      loaded = Optional.of(load());
    }
    TorchJni.prepareThread(false);
  }

  private static Loaded load() {
    Natives found = Natives.find();
    Path folder = found.unpack(System.getenv());
    try {
      Engine.getEngine("PyTorch");
    } catch (RuntimeException | LinkageError e) {
      throw new DeviceException(
          "Cannot load PyTorch from %s: %s. It has to be libtorch %s for this system's glibc, on a disk that allows execution."
              .formatted(
                  found.libraries().isEmpty() ? Natives.LIBRARY_PATH : folder,
                  e.getMessage(),
                  expectedVersion()),
          e);
    }
    return new Loaded(ownVersion(), found.flavor(), folder, TorchJni.threads());
  }

  /** From libtorch's C interface: a byte each for major, minor and patch, from the highest on. */
  private static String ownVersion() {
    Path libtorch = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cpu"));
    try {
      long version =
          NativeLibrary.getInstance(
                  libtorch.toString(), Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY))
              .getFunction("aoti_torch_abi_version")
              .invokeLong(new Object[0]);
      return String.format(
          Locale.ROOT, "%d.%d.%d", version >>> 56, version >>> 48 & 255, version >>> 40 & 255);
    } catch (LinkageError e) {
      return expectedVersion(); // older ones do not say it; or JNA cannot be loaded
    }
  }

  /** What was loaded; empty before {@link #start}. */
  public static synchronized Optional<Loaded> loaded() {
    return loaded;
  }

  /** Version of DJL. */
  public static String djlVersion() {
    return Engine.getDjlVersion();
  }

  /** Version of the libtorch that was loaded; before, of the one that DJL was built for. */
  public static String pytorchVersion() {
    return loaded().map(Loaded::version).orElseGet(TorchEngine::expectedVersion);
  }

  private static String expectedVersion() {
    return Platform.detectPlatform("pytorch").getVersion().split("-")[0];
  }

  /**
   * Finds the device that a user asked for; of several GPUs the first.
   *
   * @param choice {@code auto}, {@code cpu} or {@code cuda}
   * @throws DeviceException if there is no usable GPU and {@code cuda} was asked for
   */
  public static Device device(String choice) {
    if (choice.equals("cpu")) {
      return Device.cpu();
    }
    try {
      return Cuda.gpu(0);
    } catch (DeviceException e) {
      if (choice.equals("cuda")) {
        throw e;
      }
      if (Cuda.expected()) {
        LOG.warn("Computing on the CPU: {}", e.getMessage());
      }
      return Device.cpu();
    }
  }

  static PtNDManager newManager(Device device) {
    return (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(device);
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
