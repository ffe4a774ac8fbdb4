package swarmformer.jobs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

  /** Installs it beside a version of PySpark, or skips the test where that cannot be. */
  public static PythonPackage install(String pyspark, Path folder) throws Exception {
    PythonPackage installed = new PythonPackage(HOME.resolve("target/python-" + pyspark), folder);
    for (List<String> command : installed.installation(pyspark)) {
      Script.Ended ended = Shell.in(folder).run(command.toArray());
      assumeTrue(
          ended.code() == 0,
          "The Python package is not tested, because this failed: %s: %s"
              .formatted(String.join(" ", command), ended.err()));
    }
    return installed;
  }

  private List<List<String>> installation(String pyspark) throws IOException {
    String pip = python() + " -m pip install --quiet --disable-pip-version-check --no-compile ";
    String requirements = HOME.resolve("python/tests/requirements.txt").toString();
    return Stream.of(
            "python3 -m venv " + venv,
            pip + "--retries 1 pyspark[connect]==" + pyspark + " -r " + requirements,
            pip + "--no-deps --force-reinstall " + wheel())
        .map(command -> List.of(command.split(" ")))
        .toList();
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
