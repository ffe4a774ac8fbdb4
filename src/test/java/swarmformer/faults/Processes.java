package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The processes of this machine whose command line holds a word. */
public record Processes(String word) {
  private static final int LIMIT_SEC = 60;

  /** The executors of Spark among them. */
  public List<ProcessHandle> executors() {
    return running("CoarseGrainedExecutorBackend");
  }

  /** Checks that all of them end within a minute. */
  public void assertAllEnd() throws InterruptedException {
    for (int second = 0; second < LIMIT_SEC && !running(word).isEmpty(); second++) {
      TimeUnit.SECONDS.sleep(1);
    }
    assertThat(running(word)).isEmpty();
  }

  private List<ProcessHandle> running(String other) {
    return ProcessHandle.allProcesses()
        .filter(process -> commandOf(process).contains(word))
        .filter(process -> commandOf(process).contains(other))
        .toList();
  }

  /** Java itself gives no more than the first 4,096 bytes. */
  private static String commandOf(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "cmdline"),
          java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
