package swarmformer.jobs;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The wheel that was built in a virtual environment below {@code target}, and its own tests.
 *
 * @param venv the environment
 * @param folder where the tests run, and what they share
 */
public record PythonPackage(Path venv, Path folder) {
  private static final Path HOME = Script.projectHome();

  /**
   * Installs it beside a version of PySpark, or skips the test where that cannot be had.
   *
   * @throws IOException if the wheel cannot be installed
   */
  public static PythonPackage install(String pyspark, Path folder) throws Exception {
    PythonPackage installed = new PythonPackage(HOME.resolve("target/python-" + pyspark), folder);
    skipUnless(installed.run("python3", "-m", "venv", installed.venv));
    skipUnless(
        installed.pip(
            "--retries",
            "1",
            "pyspark[connect]==" + pyspark,
            "-r",
            HOME.resolve("python/tests/requirements.txt")));
    Script.Ended ended = installed.pip("--no-deps", "--force-reinstall", wheel());
    if (ended.code() != 0) {
      throw new IOException("pip cannot install the wheel: " + ended.err());
    }
    return installed;
  }

  private Script.Ended pip(Object... arguments) throws Exception {
    Stream<Object> install = Stream.of(python(), "-m", "pip", "install", "-qq", "--no-compile");
    return run(Stream.concat(install, Stream.of(arguments)).toArray());
  }

  private Script.Ended run(Object... command) throws Exception {
    return Shell.in(folder).run(command);
  }

  private static void skipUnless(Script.Ended done) {
    if (done.code() != 0) {
      String why = "The Python package is not tested: " + done.err();
      System.out.println(why);
      abort(why);
    }
  }

  private Path python() {
    return venv.resolve("bin/python");
  }

  private static Path wheel() throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve("target"))) {
      return files
          .filter(file -> file.toString().endsWith(".whl"))
          .findFirst()
          .orElseThrow(() -> new IOException("target has no wheel: run ./mvnw package"));
    }
  }

  /** The files of its tests. */
  public static List<String> testFiles() throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve("python/tests"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("test_"))
          .sorted()
          .toList();
    }
  }

  /**
   * Runs the tests of a file in a process of their own, as PySpark has one kind of session in each.
   *
   * @param marks which of them, as pytest's option -m has it
   */
  public Script.Ended test(String file, String marks) throws Exception {
    Map<String, String> environment =
        Map.of("PYTHONDONTWRITEBYTECODE", "1", "SWARMFORMER_TEST_FOLDER", folder + "/of-all-files");
    Path tests = HOME.resolve("python/tests").resolve(file);
    Script.Ended ended =
        Shell.in(folder)
            .run(
                environment,
                python(),
                "-m",
                "pytest",
                "-rP",
                "--show-capture=stdout",
                "-p",
                "no:cacheprovider",
                "-m",
                marks,
                tests);
    System.out.println(ended.out());
    return ended;
  }
}
