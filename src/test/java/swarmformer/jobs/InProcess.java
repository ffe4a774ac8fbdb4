package swarmformer.jobs;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What a program of ours printed and how it ended, run in this JVM on a Spark of its own.
 *
 * @param exitCode as {@link ExitCode} has it
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record InProcess(int exitCode, String out, String err) {
  private static final Map<String, String> SPARK =
      Map.of(
          "spark.master", "local[2]",
          "spark.ui.enabled", "false",
          "spark.sql.shuffle.partitions", "2",
          "spark.driver.host", "localhost",
          "spark.driver.bindAddress", "127.0.0.1");

  /** Runs a program; its Spark session is closed when this returns. */
  static InProcess run(Callable<Integer> program, String... arguments) {
    PrintStream standardOut = System.out;
    PrintStream standardErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    SPARK.forEach(System::setProperty);
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int exitCode = Program.run(program, arguments);
      return new InProcess(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(standardOut);
      System.setErr(standardErr);
      SPARK.keySet().forEach(System::clearProperty);
    }
  }
}
