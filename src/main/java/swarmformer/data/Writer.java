package swarmformer.data;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The process that writes a staged run, written into the name of its staging folder, so that others
 * can tell whether it still lives.
 *
 * @param runId the run it writes
 * @param host its machine, and its process namespace there
 * @param pid its process
 * @param started when the process started, in milliseconds since 1970; 0 when unknown
 */
record Writer(String runId, String host, long pid, long started) {
  private static final String SEPARATOR = ",";

  /** Systems reckon the start of a process from a clock that is corrected now and then. */
  private static final long CLOCK_STEP_MS = 60_000;

  /** This process. */
  static Writer ofThisProcess(String runId) {
    ProcessHandle self = ProcessHandle.current();
    return new Writer(runId, thisHost(), self.pid(), startOf(self));
  }

  /** Reads a folder name; empty if no {@link Writer} made it. */
  static Optional<Writer> parse(String folder) {
    String[] parts = folder.split(SEPARATOR, -1);
    try {
      return parts.length == 4
          ? Optional.of(
              new Writer(parts[0], parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3])))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The name of the staging folder. */
  String folder() {
    return String.join(SEPARATOR, runId, host, Long.toString(pid), Long.toString(started));
  }

  boolean isOnThisHost() {
    return host.equals(thisHost());
  }

  /** Whether the process runs; only for one on this host. */
  boolean isRunning() {
    return ProcessHandle.of(pid)
        .filter(process -> process.isAlive() && startedAsRecorded(process))
        .isPresent();
  }

  /** Tells a process from a later one of the same number. */
  private boolean startedAsRecorded(ProcessHandle process) {
    long now = startOf(process);
    return now == 0 || started == 0 || Math.abs(now - started) < CLOCK_STEP_MS;
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String thisHost() {
    String name;
    try {
      name = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      name = "unknown";
    }
    return (name + processNamespace()).replaceAll("[^A-Za-z0-9.-]", "-");
  }

  /** Containers may share a host name and a disk, but not their process numbers. */
  private static String processNamespace() {
    try {
      return "-"
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().replaceAll("\\D", "");
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}
