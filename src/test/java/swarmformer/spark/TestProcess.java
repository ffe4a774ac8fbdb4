package swarmformer.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import swarmformer.jobs.JavaProcess;

/** A JVM with the class path of the tests. */
final class TestProcess {
  private TestProcess() {}

  /** Starts a program; what it writes goes to the file {@code log} in a directory. */
  static Process start(Path folder, Class<?> program, String... arguments) throws IOException {
    // With all of the heap taken at the start, its memory grows by what is outside of it alone.
    List<String> options =
        List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1");
    return JavaProcess.ofSpark(
            folder.resolve("log"),
            options,
            System.getProperty("java.class.path"),
            Stream.concat(Stream.of(program.getName()), Stream.of(arguments))
                .toArray(String[]::new))
        .start();
  }
}
