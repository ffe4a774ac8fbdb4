package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class CudaStateTest {
  private static final String LIBTORCH = "/opt/libtorch/lib";
  private static final CudaState GOOD =
      new CudaState(true, true, 0, 2, LIBTORCH, true, Map.of("PYTORCH_FLAVOR", "cu128"));

  private static CudaState withEnvironment(boolean cudaBuild, Map<String, String> environment) {
    return new CudaState(true, true, 0, 2, LIBTORCH, cudaBuild, environment);
  }

  @Test
  void findsNoFaultWhereThereIsNone() {
    assertThat(GOOD.fault(0)).isEmpty();
    assertThat(GOOD.fault(1)).isEmpty();
    assertThat(withEnvironment(true, Map.of()).fault(0)).isEmpty();
  }

  @Test
  void namesAMissingDriverFirst() {
    assertThat(new CudaState(false, false, 0, 0, LIBTORCH, false, Map.of()).fault(0))
        .contains(
            "there is no NVIDIA driver (neither /proc/driver/nvidia nor libcuda.so.1). Check the machine with nvidia-smi");
  }

  @Test
  void tellsAContainerWithoutTheDriversLibrary() {
    assertThat(new CudaState(true, false, 0, 0, LIBTORCH, true, Map.of()).fault(0))
        .contains(
            "the kernel has NVIDIA's driver, and libcuda.so.1 cannot be loaded. Start the container with the NVIDIA runtime");
  }

  @Test
  void tellsADriverThatRefuses() {
    assertThat(new CudaState(true, true, 803, 0, LIBTORCH, true, Map.of()).fault(0))
        .contains("the NVIDIA driver refuses with code 803. Check the machine with nvidia-smi");
  }

  @Test
  void tellsThatAllGpusAreHidden() {
    Map<String, String> hidden = Map.of("CUDA_VISIBLE_DEVICES", "");
    String reason =
        "the NVIDIA driver shows this process no GPU (CUDA_VISIBLE_DEVICES=). Check the machine with nvidia-smi";
    assertThat(new CudaState(true, true, 100, 0, LIBTORCH, true, hidden).fault(0)).contains(reason);
    assertThat(new CudaState(true, true, 0, 0, LIBTORCH, true, hidden).fault(0)).contains(reason);
  }

  @Test
  void tellsAnAddressThatIsNotThere() {
    assertThat(GOOD.fault(2))
        .contains("GPU 2 was asked for and this process sees 2. Check the GPU discovery script");
  }

  @Test
  void tellsCpuNativesThatAreInTheWay() {
    assertThat(withEnvironment(false, Map.of()).fault(0))
        .contains(
            "the CPU natives are in the way (PyTorch was loaded from /opt/libtorch/lib). Leave the natives-cpu jar out of --jars and set PYTORCH_LIBRARY_PATH to the lib directory of a CUDA build of libtorch");
  }

  @Test
  void tellsALibraryPathThatHoldsACpuBuild() {
    assertThat(withEnvironment(false, Map.of("PYTORCH_LIBRARY_PATH", "/cpu/lib")).fault(0))
        .contains(
            "PYTORCH_LIBRARY_PATH=/cpu/lib holds a CPU build of libtorch. Set it to the lib directory of a CUDA build");
  }

  @Test
  void tellsAWrongFlavor() {
    assertThat(withEnvironment(true, Map.of("PYTORCH_FLAVOR", "cpu")).fault(0))
        .contains(
            "PYTORCH_FLAVOR=cpu is the wrong flavor for the CUDA build of libtorch in /opt/libtorch/lib. Set it to that build's, such as cu128");
  }
}
