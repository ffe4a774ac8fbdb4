package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import org.junit.jupiter.api.Test;
import swarmformer.errors.DeviceException;

final class TaskDeviceTest {
  private static TaskDevice on(Device device) {
    return new TaskDevice(device, null, null);
  }

  @Test
  void takesAnAddressForTheIndex() {
    assertThat(TaskDevice.index("3", null)).isEqualTo(3);
    assertThat(TaskDevice.index("3", "0,1,2,3")).isEqualTo(3);
  }

  @Test
  void countsTheVisibleDevicesFromZero() {
    assertThat(TaskDevice.index("5", "4,5")).isEqualTo(1);
    assertThat(TaskDevice.index("GPU-b", "GPU-a,GPU-b")).isEqualTo(1);
  }

  @Test
  void takesTheOnlyOneWhereItIsIsolated() {
    assertThat(TaskDevice.index("3", "3")).isZero();
    assertThat(TaskDevice.index("3", "GPU-a")).isZero();
  }

  @Test
  void refusesAnAddressThatIsNoIndex() {
    assertThatThrownBy(() -> TaskDevice.index("GPU-a", null))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot use a GPU: Spark gave the address 'GPU-a', which is neither an index nor a name in CUDA_VISIBLE_DEVICES. Let the GPU discovery script print indices, or use --device cpu.");
  }

  @Test
  void needsNoAddressForASingleGpuOrASingleProcess() {
    assertThat(TaskDevice.indexWithoutAddress(0, false)).isZero();
    assertThat(TaskDevice.indexWithoutAddress(1, false)).isZero();
    assertThat(TaskDevice.indexWithoutAddress(8, true)).isZero();
  }

  @Test
  void refusesToGuessAmongSeveralGpus() {
    assertThatThrownBy(() -> TaskDevice.indexWithoutAddress(2, false))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot use a GPU: the executor sees 2, and Spark gave it no address. Set spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount, or use --device cpu.");
  }

  @Test
  void isNamedAsTorchNamesIt() {
    assertThat(on(Device.cpu()).name()).isEqualTo("cpu");
    assertThat(on(Device.gpu(1)).name()).isEqualTo("cuda:1");
  }
}
