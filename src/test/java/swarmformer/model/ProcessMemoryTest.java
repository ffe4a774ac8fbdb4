package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class ProcessMemoryTest {
  /** Every JVM that runs tests has more. */
  private static final long LEAST = 32L << 20;

  @Test
  @EnabledOnOs(OS.LINUX)
  void tellsTheResidentMemoryOfThisProcessInBytes() throws IOException {
    String status = Files.readString(Path.of("/proc/self/status"));
    long peak = Long.parseLong(status.replaceAll("(?s).*VmHWM:\\s*(\\d+) kB.*", "$1")) * 1_024;
    assertThat(ProcessMemory.residentBytes()).isBetween(LEAST, 2 * peak);
  }

  /** Of garbage that is no longer in use its pages are left. */
  @Test
  void countsTheHeapThatWasTouched() {
    Runtime heap = Runtime.getRuntime();
    fill((int) LEAST);
    System.gc();
    long used = heap.totalMemory() - heap.freeMemory();
    assertThat(ProcessMemory.heapBytes())
        .isBetween(Math.min(used + LEAST, heap.totalMemory()), heap.totalMemory());
  }

  private static void fill(int bytes) {
    assertThat(new byte[bytes]).hasSize(bytes);
  }
}
