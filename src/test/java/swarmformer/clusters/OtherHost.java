package swarmformer.clusters;

import java.io.IOException;
import java.util.List;

/**
 * What a process on another machine looks like to those on this one: its own process ids, and a
 * host name that may be the same or another one. Needs a Linux where this user may make namespaces.
 */
public final class OtherHost {
  private OtherHost() {}

  /** Whether this machine can do that. */
  public static boolean isPossible() throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(by("other"));
    command.add("true");
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  /**
   * The words before a command line that run it there. The process that they start ends with it,
   * and takes it along when it is killed.
   */
  public static List<String> by(String name) {
    return List.of(
        "unshare",
        "--uts",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "bash",
        "-c",
        "hostname " + name + " && exec \"$@\"",
        "bash");
  }
}
