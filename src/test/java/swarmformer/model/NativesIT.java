package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where natives go, seen from processes of their own: a JVM loads them once only. */
@Tag("long")
final class NativesIT {
  private static final int PROCESSES = 8;

  /** No user, not even root, can make a directory in it. */
  private static final String FORBIDDEN = "/proc/none";

  private static final String NATIVES = System.getProperty("java.class.path");

  @TempDir Path folder;

  private final List<Process> processes = new ArrayList<>();

  private BufferedReader start(Map<String, String> environment) throws IOException {
    return start(environment, NATIVES);
  }

  private BufferedReader start(
      Map<String, String> environment, String classPath, String... arguments) throws IOException {
    Process process = EngineProcess.start(folder, environment, classPath, arguments);
    processes.add(process);
    return process.inputReader();
  }

  private Map<String, String> cache() {
    return Map.of("SWARMFORMER_CACHE", folder.resolve("cache").toString());
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void areUnpackedOnceByManyProcessesAndSurviveTheirRemoval() throws IOException {
    List<BufferedReader> all = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      all.add(start(cache()));
    }
    List<String> answers = new ArrayList<>();
    for (BufferedReader process : all) {
      answers.add(process.readLine());
    }
    assertThat(answers.get(0)).startsWith(folder.resolve("cache/natives") + "/").contains(" [");
    assertThat(answers).as("directory, inode and logits").containsOnly(answers.get(0));

    FileUtils.deleteDirectory(folder.resolve("cache").toFile());
    Process running = processes.get(0);
    running.getOutputStream().write('\n');
    running.getOutputStream().flush();
    assertThat(all.get(0).readLine()).isEqualTo(answers.get(0));
  }

  private static String logits(String answer) {
    return answer.substring(answer.indexOf('['));
  }

  @Test
  void areUnpackedAgainIfDamaged() throws IOException {
    String before = start(cache()).readLine();
    Path library = library();
    byte[] content = Files.readAllBytes(library);
    content[content.length / 2] ^= 1;
    Files.write(library, content);

    String after = start(cache()).readLine();
    assertThat(logits(after)).isEqualTo(logits(before));
    assertThat(after).isNotEqualTo(before);
    content[content.length / 2] ^= 1;
    assertThat(Files.mismatch(library, Files.write(folder.resolve("expected"), content)))
        .isEqualTo(-1);
  }

  @Test
  void areLeftAloneByTheReferenceTokenizer() throws IOException {
    String before = start(cache(), NATIVES, "reference").readLine();
    assertThat(before).startsWith(folder.resolve("cache/natives") + "/").contains(" [");
    assertThat(start(cache(), NATIVES, "reference").readLine()).isEqualTo(before);
    assertThat(start(cache()).readLine()).isEqualTo(before);
  }

  @Test
  void areOnlyTheBridgeForALibtorchOfTheMachine() throws IOException {
    String before = start(cache()).readLine();
    Path own = Files.createDirectory(folder.resolve("own"));
    try (Stream<Path> files = Files.list(library().getParent())) {
      for (Path file : files.filter(f -> !f.toString().contains("djl")).toList()) {
        Files.createLink(own.resolve(file.getFileName()), file);
      }
    }
    Path cache = folder.resolve("other");
    Map<String, String> environment =
        Map.of("SWARMFORMER_CACHE", cache.toString(), "PYTORCH_LIBRARY_PATH", own.toString());
    String after = start(environment).readLine();
    assertThat(after).startsWith(cache + "/").contains(" elsewhere ");
    assertThat(logits(after)).isEqualTo(logits(before));
  }

  @Test
  void areNotTakenFromAFolderWithoutLibtorch() throws IOException {
    assertThat(start(Map.of("PYTORCH_LIBRARY_PATH", folder.toString())).readLine())
        .isEqualTo(
            "Cannot load PyTorch: there is no libtorch.so in %s, which PYTORCH_LIBRARY_PATH names. Correct it, or unset it and add the CPU natives."
                .formatted(folder));
  }

  @Test
  void areNamedIfTheyCannotBeLoaded() throws IOException {
    Files.writeString(folder.resolve("libtorch.so"), "no library");
    Map<String, String> environment =
        Map.of(
            "SWARMFORMER_CACHE",
            folder.resolve("cache").toString(),
            "PYTORCH_LIBRARY_PATH",
            folder.toString());
    assertThat(start(environment).readLine())
        .startsWith("Cannot load PyTorch from PYTORCH_LIBRARY_PATH: ")
        .endsWith(
            ". It has to be libtorch 2.7.1 for this system's glibc, on a disk that allows execution.");
  }

  @Test
  void areRefusedForACudaThatTheBridgeIsNotFor() throws IOException {
    Files.createFile(folder.resolve("libtorch.so"));
    Map<String, String> environment =
        Map.of("PYTORCH_LIBRARY_PATH", folder.toString(), "PYTORCH_FLAVOR", "cu126");
    assertThat(start(environment).readLine())
        .isEqualTo(
            "Cannot load PyTorch: jnilib/linux-x86_64/cu126/libdjl_torch.so is not on the class path. Add all jars of this project, and set PYTORCH_FLAVOR, if at all, to cpu or cu128.");
  }

  private Path library() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
      return files.filter(file -> file.endsWith("libtorch_cpu.so")).findFirst().orElseThrow();
    }
  }

  @Test
  void goToTheTemporaryFolderIfTheHomeCannotBeWritten() throws IOException {
    assertThat(start(Map.of("HOME", FORBIDDEN)).readLine())
        .startsWith(folder.resolve("swarmformer-natives-" + user()) + "/")
        .contains(" [");
  }

  @Test
  void areRefusedWhereNoPlaceIsThisUsersAlone() throws IOException {
    Path made = Files.createDirectory(folder.resolve("swarmformer-natives-" + user()));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(start(Map.of("HOME", FORBIDDEN)).readLine())
        .isEqualTo(
            "Cannot unpack PyTorch: NoSuchFileException: /proc/none; %s has mode 40777; a directory of this user alone has 40700. Set SWARMFORMER_CACHE to a directory that this user can write, with 500 MB free."
                .formatted(made));
    assertThat(made).isEmptyDirectory();
  }

  @Test
  void areNeverThoseThatDjlUnpacks() throws IOException {
    assertThat(start(Map.of("ENGINE_CACHE_DIR", folder.toString())).readLine())
        .isEqualTo(
            "Cannot load PyTorch: ENGINE_CACHE_DIR is set, which makes DJL load natives that nobody has checked. Unset it; SWARMFORMER_CACHE says where they go.");
  }

  @Test
  void areNotFetchedIfThereAreNone() throws IOException {
    assertThat(start(cache(), EngineProcess.classPathWithout("pytorch-native")).readLine())
        .isEqualTo(
            "Cannot load PyTorch: its natives are not on the class path. Add them to the job (--jars swarmformer-spark-*-natives-cpu.jar, which the build makes), or set PYTORCH_LIBRARY_PATH to the lib directory of libtorch 2.7.1.");
  }

  private static Object user() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }
}
