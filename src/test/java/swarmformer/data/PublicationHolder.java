package swarmformer.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import swarmformer.errors.LeaseHeldException;
import swarmformer.jobs.JavaProcess;

/**
 * A process that begins to write {@code ROOT/date=NAME}, says so, and publishes it when a line
 * comes on its standard input.
 */
public final class PublicationHolder {
  private PublicationHolder() {}

  /** Takes the directory, the name and the timeout of leases. */
  public static void main(String... arguments) throws IOException {
    Path root = new Path(arguments[0]);
    try (Publication publication = begin(root, arguments[1], arguments[2])) {
      System.out.println("began " + publication.folder());
      if (System.in.read() >= 0) {
        Path staged = new Path(publication.folder(), "night");
        root.getFileSystem(new Configuration())
            .create(new Path(staged, "by-" + ProcessHandle.current().pid()))
            .close();
        publication.publish(staged, true);
        System.out.println("published");
      }
    } catch (LeaseHeldException e) {
      System.out.println("refused " + e.getMessage());
    }
  }

  static Publication begin(Path root, String name, String timeout) {
    Configuration hadoop = new Configuration();
    hadoop.set(Lease.TIMEOUT, timeout);
    return Publication.begin(
        hadoop, root, name, "night " + name, Optional.of(new Path(root, "date=" + name)));
  }

  /** Starts such a process, by a command that runs the one that follows it, if any is given. */
  static Process start(java.nio.file.Path root, String name, String timeout, String... prefix)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(prefix));
    // Two processes of one number would share a file of performance data, and warn.
    List<String> options = List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");
    command.addAll(
        JavaProcess.command(options, PublicationHolder.class, root.toString(), name, timeout));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** What such a process says next. */
  static String answer(Process holder) throws IOException {
    return String.valueOf(holder.inputReader().readLine());
  }

  /** Lets such a process publish. */
  static void publish(Process holder) throws IOException {
    holder.outputWriter().write("\n");
    holder.outputWriter().flush();
  }

  /** Lets such processes end well. */
  static void release(Stream<Process> holders) throws IOException, InterruptedException {
    for (Process holder : holders.toList()) {
      holder.getOutputStream().close();
      holder.waitFor(1, TimeUnit.MINUTES);
    }
  }
}
