package swarmformer.data;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/** A process that claims a run, says so, and holds it until its standard input ends. */
public final class ClaimHolder {
  private ClaimHolder() {}

  /** Takes the output and the id of the run. */
  public static void main(String... arguments) throws IOException {
    try (RunDirectory run =
        RunDirectory.claim(new Configuration(), arguments[0], arguments[1], false)) {
      System.out.println("claimed " + run.scratch("scored"));
      System.in.read();
    } catch (DataException e) {
      System.out.println("refused " + e.getMessage());
    }
  }

  /** Starts such a process. */
  static Process start(java.nio.file.Path output, String runId) throws IOException {
    return start(ClaimHolder.class, output, runId);
  }

  /** Starts a process of another kind that takes a folder and a name. */
  static Process start(Class<?> program, java.nio.file.Path output, String runId)
      throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            output.toString(),
            runId)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** What such a process says first. */
  static String answer(Process holder) throws IOException {
    return holder.inputReader().readLine();
  }

  /** Lets such a process end well. */
  static void release(Process holder) throws IOException, InterruptedException {
    holder.getOutputStream().close();
    holder.waitFor(1, TimeUnit.MINUTES);
  }
}
