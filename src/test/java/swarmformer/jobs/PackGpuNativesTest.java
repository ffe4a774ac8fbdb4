package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.errors.ErrorCode;

/** Packages of the right names and layout, with nothing in them: PyTorch's are gigabytes. */
class PackGpuNativesTest {
  private static final Path SCRIPT = Script.projectHome().resolve("jobs/pack-gpu-natives.sh");
  private static final List<String> CUDA =
      List.of("torch/lib/libtorch_cuda.so", "nvidia/cublas/lib/libcublas.so.12");

  @TempDir Path folder;

  @Test
  void packsWheelsIntoAnArchive() throws Exception {
    writePackages("2.7.1+cu128", CUDA);
    Shell shell = Shell.in(folder);
    Files.createDirectory(folder.resolve("wheels"));
    for (String wheel : List.of("torch", "nvidia")) {
      String name = wheel.equals("torch") ? "torch-2.7.1+cu128-cp311" : "nvidia_cublas_cu12-12.8";
      shell.run("python3", "-m", "zipfile", "-c", "wheels/" + name + ".whl", "packages/" + wheel);
    }
    Script.Ended ended = shell.run(SCRIPT, "wheels", "natives.tar.gz");
    ended.assertDone();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .matches(
            """
            Packed PyTorch 2\\.7\\.1\\+cu128 to natives\\.tar\\.gz \\(.*\\)\\. Settings for Spark:
            spark\\.archives natives\\.tar\\.gz#natives
            spark\\.executorEnv\\.PYTORCH_LIBRARY_PATH \\./natives/torch/lib
            spark\\.executorEnv\\.PYTORCH_VERSION 2\\.7\\.1
            spark\\.executorEnv\\.PYTORCH_FLAVOR cu128
            """);
    assertThat(shell.run("tar", "-tzf", "natives.tar.gz").out().lines().filter(this::isFile))
        .containsExactlyInAnyOrder(
            "./torch/lib/libtorch_cpu.so",
            "./torch/lib/libtorch_cuda.so",
            "./nvidia/cublas/lib/libcublas.so.12");
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void packsAnInstallationIntoAFolder() throws Exception {
    writePackages("2.7.1+cu128", CUDA);
    Script.Ended ended = Shell.in(folder).run(SCRIPT, "packages", "natives");
    ended.assertDone();
    assertThat(ended.out())
        .contains("PYTORCH_LIBRARY_PATH " + folder.resolve("natives/torch/lib") + "\n")
        .doesNotContain("spark.archives");
    assertThat(folder.resolve("natives/nvidia/cublas/lib/libcublas.so.12")).exists();
    assertThat(folder.resolve("natives/torch/lib/libtorch_python.so")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2.14.1+cu130|Cannot use PyTorch 2.14.1+cu130 in packages: only 2.7.1 works",
        "2.7.1+cu128|There is no libtorch_cuda.so in packages/torch/lib, though it is PyTorch"
      })
  void refusesAnotherPyTorch(String version, String message) throws Exception {
    writePackages(version, List.of());
    assertRefuses(message, "packages", "natives");
  }

  @Test
  void refusesPackagesWithoutTheLibrariesOfCuda() throws Exception {
    writePackages("2.7.1+cu128", CUDA.subList(0, 1));
    assertRefuses("CUDA's libraries (nvidia/cublas/lib and others) are not in", "packages", "n");
  }

  @Test
  void refusesFoldersThatAreNotRight() throws Exception {
    assertRefuses("There is no directory nowhere.", "nowhere", "n");
    Files.createDirectory(folder.resolve("empty"));
    assertRefuses("There is no torch-*.whl and no torch/version.py in empty", "empty", "n");
    assertRefuses("empty is there already", ".", "empty");
    assertThat(Shell.in(folder).run(SCRIPT).code()).isEqualTo(ErrorCode.USAGE.exitCode());
  }

  private void assertRefuses(String message, String from, String to) throws Exception {
    Script.Ended ended = Shell.in(folder).run(SCRIPT, from, to);
    assertThat(ended.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(ended.err()).startsWith(message).hasLineCount(1);
    assertThat(leftBehind()).isEmpty();
  }

  private void writePackages(String version, List<String> libraries) throws IOException {
    Path packages = folder.resolve("packages");
    for (String file :
        Stream.concat(
                libraries.stream(),
                Stream.of(
                    "torch/lib/libtorch_cpu.so",
                    "torch/lib/libtorch_python.so",
                    "torch/lib/libjitbackend_test.so",
                    "torch/nn/nn.py"))
            .toList()) {
      Files.createDirectories(packages.resolve(file).getParent());
      Files.writeString(packages.resolve(file), file);
    }
    Files.writeString(
        packages.resolve("torch/version.py"),
        "from typing import Optional\n\n__version__ = '%s'\ncuda = '12.8'\n".formatted(version));
  }

  private boolean isFile(String entry) {
    return !entry.endsWith("/");
  }

  private List<Path> leftBehind() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(
              file ->
                  file.getFileName().toString().startsWith("natives.") && Files.isDirectory(file))
          .toList();
    }
  }
}
