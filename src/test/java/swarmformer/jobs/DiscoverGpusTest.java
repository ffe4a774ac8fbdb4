package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoverGpusTest {
  private static final Path SCRIPT = Script.projectHome().resolve("conf/discover-gpus.sh");

  @TempDir Path folder;

  @BeforeEach
  void installTwoGpus() throws Exception {
    Shell.in(folder).program("nvidia-smi", "[[ $* == *--query-gpu=index* ]] && printf '0\\n1\\n'");
  }

  @Test
  void tellsSparkEveryGpu() throws Exception {
    Script.Ended ended = Shell.in(folder).run(SCRIPT);
    assertThat(ended)
        .isEqualTo(new Script.Ended(0, "{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}\n", ""));
    ResourceInformation gpus = ResourceInformation.parseJson(ended.out());
    assertThat(gpus.name()).isEqualTo("gpu");
    assertThat(gpus.addresses()).containsExactly("0", "1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CUDA_VISIBLE_DEVICES|1|1",
        "CUDA_VISIBLE_DEVICES|1,0|1,0",
        "CUDA_VISIBLE_DEVICES|GPU-5d1c|GPU-5d1c",
        "CUDA_VISIBLE_DEVICES|MIG-1,MIG-2,MIG-3|MIG-1,MIG-2,MIG-3",
        "NVIDIA_VISIBLE_DEVICES|all|0,1",
        "NVIDIA_VISIBLE_DEVICES|GPU-5d1c,GPU-77aa|0,1"
      })
  void namesWhatIsGranted(String variable, String granted, String addresses) throws Exception {
    Script.Ended ended = Shell.in(folder).run(Map.of(variable, granted), SCRIPT);
    ended.assertDone();
    assertThat(ResourceInformation.parseJson(ended.out()).addresses())
        .containsExactly(addresses.split(","));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none", "void", "-1", "NoDevFiles"})
  void refusesAProcessWithoutAGpu(String granted) throws Exception {
    assertFails(
        Shell.in(folder).run(Map.of("CUDA_VISIBLE_DEVICES", granted), SCRIPT),
        "No GPU is granted to this process: CUDA_VISIBLE_DEVICES or NVIDIA_VISIBLE_DEVICES is '%s'."
            .formatted(granted));
  }

  @Test
  void refusesMoreGpusThanThereAre() throws Exception {
    assertFails(
        Shell.in(folder).run(Map.of("CUDA_VISIBLE_DEVICES", "0,1,2"), SCRIPT),
        "CUDA_VISIBLE_DEVICES is '0,1,2', but nvidia-smi finds 2.");
  }

  @Test
  void saysThatTheDriverIsNotUsable() throws Exception {
    Shell.in(folder).program("nvidia-smi", "echo 'Failed to initialize NVML'; exit 9");
    assertFails(
        Shell.in(folder).run(SCRIPT),
        "nvidia-smi fails, so the driver is not usable: Failed to initialize NVML");
  }

  @Test
  void saysThatThereIsNoGpu() throws Exception {
    Shell.in(folder).program("nvidia-smi", "echo 'No devices were found'");
    assertFails(Shell.in(folder).run(SCRIPT), "nvidia-smi finds no GPU.");
  }

  @Test
  void saysThatThereIsNoDriver() throws Exception {
    assertFails(
        Shell.in(folder).run(Map.of("PATH", "/nowhere"), "/bin/bash", SCRIPT),
        "There is no nvidia-smi on the PATH: install NVIDIA's driver, or give the container the GPU"
            + " (nvidia-container-toolkit).");
  }

  private static void assertFails(Script.Ended ended, String message) {
    assertThat(ended).isEqualTo(new Script.Ended(1, "", "discover-gpus.sh: " + message + "\n"));
  }
}
