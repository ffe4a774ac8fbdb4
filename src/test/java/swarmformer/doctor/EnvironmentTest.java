package swarmformer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvironmentTest {
  /** The two forms of {@code /proc/driver/nvidia/version}, and that of a machine without a GPU. */
  @ParameterizedTest
  @CsvSource({
    "'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build  (root@host)', 580.159.04",
    "'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023', 535.104.05",
    "'', ''"
  })
  void readsTheVersionOfTheDriver(String told, String version) {
    assertThat(Environment.gpuDriver(told)).isEqualTo(version);
  }
}
