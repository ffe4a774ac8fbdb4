package swarmformer.jobs;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import swarmformer.LocalSpark;

/**
 * A program that has run in this JVM.
 *
 * @param code its exit code
 * @param out what it wrote to standard output
 * @param err the lines it wrote to standard error
 */
public record Ran(int code, String out, List<String> err) {
  static Ran score(Object... arguments) {
    return of(new Score(), arguments);
  }

  /** Runs with the Spark of tests, which it stops. */
  static Ran locally(Callable<Integer> program, Object... arguments) {
    LocalSpark.session(); // its logs go to the standard error of now
    return of(program, arguments);
  }

  static Ran of(Callable<Integer> program, Object... arguments) {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int code =
          Program.run(
              program, List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
      return new Ran(
          code,
          out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8).lines().toList());
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }
}
