package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.errors.DeviceException;
import swarmformer.jobs.Script;
import swarmformer.jobs.Shell;

final class TaskDeviceTest {
  @TempDir Path folder;

  private static TaskDevice on(Device device) {
    return new TaskDevice(device, null, null);
  }

  /** What the discovery script prints on a machine with four GPUs, in CUDA's order. */
  @ParameterizedTest
  @ValueSource(strings = {"", "1,2", "2,1", "3", "0,1,2,3", "GPU-b,GPU-a", "MIG-a,MIG-b"})
  void givesEachAddressOfTheDiscoveryScriptAGpuOfItsOwn(String visible) throws Exception {
    Map<String, String> environment =
        visible.isEmpty() ? Map.of() : Map.of("CUDA_VISIBLE_DEVICES", visible);
    Shell shell = Shell.in(folder);
    shell.program("nvidia-smi", "printf '%s\\n' 0 1 2 3");
    Script.Ended ended =
        shell.run(environment, Script.projectHome().resolve("conf/discover-gpus.sh"));
    String[] addresses = ResourceInformation.parseJson(ended.out()).addresses();
    assertThat(addresses).hasSize(visible.isEmpty() ? 4 : visible.split(",").length);
    for (int i = 0; i < addresses.length; i++) {
      assertThat(TaskDevice.index(addresses[i], environment.get("CUDA_VISIBLE_DEVICES")))
          .isEqualTo(i);
    }
  }

  @Test
  void takesTheOnlyOneWhereItIsIsolated() {
    assertThat(TaskDevice.index("3", "3")).isZero();
    assertThat(TaskDevice.index("3", "GPU-a")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"GPU-a| |is not set", "0|1,2|is '1,2'", "1|GPU-a,GPU-b|is 'GPU-a,GPU-b'"})
  void refusesAnAddressThatIsNotVisible(String address, String visible, String fact) {
    assertThatThrownBy(() -> TaskDevice.index(address, visible))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot use a GPU: Spark gave the address '%s', but CUDA_VISIBLE_DEVICES %s. Set the GPU discovery script to conf/discover-gpus.sh, or use --device cpu.",
            address, fact);
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
