package swarmformer.model;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Memory of this process: Java's heap, and what libtorch has taken outside of it. */
public final class ProcessMemory {
  /** With it all of the heap is resident from the start. */
  private static final String PRE_TOUCH = "-XX:+AlwaysPreTouch";

  private ProcessMemory() {}

  /** The part of this process's resident memory that is the heap, within a few regions. */
  public static long heapBytes() {
    long committed = Runtime.getRuntime().totalMemory();
    if (ManagementFactory.getRuntimeMXBean().getInputArguments().contains(PRE_TOUCH)) {
      return committed;
    }
    // A page that was used once stays resident when the collector has emptied it.
    long touched =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .mapToLong(pool -> pool.getPeakUsage().getUsed())
            .sum();
    return Math.min(touched, committed);
  }

  /** Resident memory of this process; null where the system does not tell. */
  public static Long residentBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
          .findFirst()
          .orElse(null);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
