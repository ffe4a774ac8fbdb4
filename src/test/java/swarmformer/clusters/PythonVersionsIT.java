package swarmformer.clusters;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import swarmformer.jobs.PythonPackage;

/**
 * All tests of the Python package, on the versions of PySpark that it is for, or on those that
 * {@code -Dswarmformer.pysparks} names.
 */
@Tag("clusters")
class PythonVersionsIT {
  private static final String VERSIONS = "4.0.5,4.1.4,4.2.1,4.3.0";

  @TempDir Path folder;

  static Stream<String> versions() {
    return Stream.of(System.getProperty("swarmformer.pysparks", VERSIONS).split(","));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void passes(String version) throws Exception {
    PythonPackage python = PythonPackage.install(version, folder);
    for (String file : PythonPackage.testFiles()) {
      python.test(file, "").assertDone();
    }
  }
}
