package swarmformer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Python with packages, installed below {@code target} once. */
public final class PythonEnvironment {
  private PythonEnvironment() {}

  /**
   * Gives the directory of its programs.
   *
   * @param name of the environment
   * @param packages as pip takes them
   */
  public static Path of(Path project, String name, String... packages)
      throws IOException, InterruptedException {
    Path home = project.resolve("target").resolve(name).toAbsolutePath();
    if (!Files.exists(home.resolve("complete"))) {
      run("python3", "-m", "venv", home.toString());
      List<String> install =
          new ArrayList<>(List.of(home.resolve("bin/pip").toString(), "install", "--quiet"));
      install.addAll(List.of(packages));
      run(install.toArray(String[]::new));
      Files.createFile(home.resolve("complete"));
    }
    return home.resolve("bin");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }
}
