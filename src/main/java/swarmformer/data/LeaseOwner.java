package swarmformer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * The process that holds a lease, as the file of the lease has it.
 *
 * @param token random, so that no two leases are ever alike
 * @param host the name of its machine, for people: names repeat
 * @param pid its process
 * @param namespace boot id of the machine and number of the pid namespace, within which {@code pid}
 *     and {@code startTicks} name one process; empty where the system does not tell
 * @param startTicks when the process started, in clock ticks since the machine started
 * @param target what it publishes, a path; empty if it publishes no directory
 * @param beat grows each time that the owner writes the file
 * @param clears whether it only removes what a dead holder has left
 */
record LeaseOwner(
    String token,
    String host,
    long pid,
    String namespace,
    long startTicks,
    String target,
    long beat,
    boolean clears) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** In {@code /proc/PID/stat} after the name of the program, which ends with the last ")". */
  private static final int START_TICKS = 19;

  /** This process, with a new token. */
  static LeaseOwner ofThisProcess(String target, boolean clears) {
    long pid = ProcessHandle.current().pid();
    return new LeaseOwner(
        UUID.randomUUID().toString(),
        hostName(),
        pid,
        namespaceOfThisProcess(),
        startTicks(pid).orElse(0L),
        target,
        0,
        clears);
  }

  LeaseOwner withBeat(long beat) {
    return new LeaseOwner(token, host, pid, namespace, startTicks, target, beat, clears);
  }

  /** Reads the file of a lease; empty while its owner is writing it. */
  static Optional<LeaseOwner> parse(byte[] json) {
    try {
      return Optional.ofNullable(JSON.readValue(json, LeaseOwner.class))
          .filter(owner -> owner.token() != null);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  byte[] toJson() {
    try {
      return JSON.writeValueAsString(this).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + this, e);
    }
  }

  /**
   * Whether this process can see whether the owner runs: on the same host, unless its {@code /proc}
   * hides the processes of other users.
   */
  boolean isVisible() {
    return !namespace.isEmpty()
        && namespace.equals(namespaceOfThisProcess())
        && (Files.isReadable(statOf(pid)) || Files.isReadable(statOf(1)));
  }

  /** Whether the owner runs; only for one that {@link #isVisible}. */
  boolean isRunning() {
    return startTicks(pid).filter(ticks -> ticks == startTicks).isPresent();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unknown host";
    }
  }

  private static String namespaceOfThisProcess() {
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return boot + " " + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static Path statOf(long pid) {
    return Path.of("/proc/" + pid + "/stat");
  }

  /** Empty if there is no such process, or if it has ended and only its parent has not noticed. */
  private static Optional<Long> startTicks(long pid) {
    try {
      String stat = Files.readString(statOf(pid), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields[0].equals("Z")
          ? Optional.empty()
          : Optional.of(Long.valueOf(fields[START_TICKS]));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
