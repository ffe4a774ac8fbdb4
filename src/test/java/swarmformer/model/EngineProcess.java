package swarmformer.model;

import ai.djl.Device;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import swarmformer.Golden;
import swarmformer.errors.DeviceException;
import swarmformer.jobs.JavaProcess;
import swarmformer.tokens.ReferenceTokenizer;
import swarmformer.tokens.TruncationSide;

/** A process that loads PyTorch, tells where its natives lie, and scores for each line it reads. */
public final class EngineProcess {
  private EngineProcess() {}

  /** Says {@code folder inode logits}, or why it cannot. Any argument opens the reference, too. */
  public static void main(String... arguments) throws IOException {
    try {
      TorchEngine.start(1);
      if (arguments.length > 0) {
        new ReferenceTokenizer(256, TruncationSide.RIGHT).close();
      }
      Path folder = TorchEngine.loaded().orElseThrow().natives();
      Object inode = inode(folder);
      try (SwarmFormer network = load()) {
        do {
          System.out.println(folder + " " + inode + " " + score(network));
        } while (System.in.read() >= 0);
      }
    } catch (DeviceException e) {
      System.out.println(e.getMessage());
    }
  }

  private static String score(SwarmFormer network) {
    return Arrays.toString(network.logits(new int[][] {{1, 2, 3}}).rows()[0]);
  }

  private static SwarmFormer load() {
    return new SwarmFormer(
        Golden.checkpoint(Golden.file("tiny/a")),
        Device.cpu(),
        Precision.FLOAT32,
        Products.PLAIN,
        KernelCalibration.MIDDLE);
  }

  /** Which file libtorch was loaded from, or that it lies elsewhere. */
  private static Object inode(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      Optional<Path> library = files.filter(f -> f.endsWith("libtorch_cpu.so")).findFirst();
      return library.isPresent() ? Files.getAttribute(library.get(), "unix:ino") : "elsewhere";
    }
  }

  /** Starts such a process, with nothing but these variables of the cache. */
  static Process start(
      Path temporary, Map<String, String> environment, String classPath, String... arguments)
      throws IOException {
    List<String> program = new ArrayList<>(List.of(EngineProcess.class.getName()));
    program.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(
                JavaProcess.command(
                    List.of("-Djava.io.tmpdir=" + temporary),
                    classPath,
                    program.toArray(String[]::new)))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeAll(List.of("SWARMFORMER_CACHE", "XDG_CACHE_HOME"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** The class path of this JVM without archives whose names contain a word. */
  static String classPathWithout(String word) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).getFileName().toString().contains(word))
        .reduce((a, b) -> a + File.pathSeparator + b)
        .orElseThrow();
  }
}
