package swarmformer.jobs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests of the Python package, but for the long ones. */
class PythonIT {
  private static final String PYSPARK = "4.1.4";

  @TempDir private static Path folder;
  private static PythonPackage python;

  @BeforeAll
  static void install() throws Exception {
    python = PythonPackage.install(PYSPARK, folder);
  }

  static List<String> files() throws IOException {
    return PythonPackage.testFiles();
  }

  @ParameterizedTest
  @MethodSource("files")
  void passes(String file) throws Exception {
    python.test(file, "not long").assertDone();
  }
}
