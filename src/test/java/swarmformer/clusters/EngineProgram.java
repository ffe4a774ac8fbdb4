package swarmformer.clusters;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import swarmformer.jobs.JavaProcess;

/**
 * A program of {@code src/test/engines} in a JVM of its own, which ends with this one at the
 * latest: it reads its standard input until that ends.
 */
final class EngineProgram implements AutoCloseable {
  private static final String READY = "ready";
  private static final long LIMIT_SEC = 60;

  private final Process process;

  private EngineProgram(Process process) {
    this.process = process;
  }

  /**
   * Starts a program, and waits until it prints "ready".
   *
   * @param folder where it works, and writes {@code engine.log}
   */
  static EngineProgram start(String engine, String program, Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> options = List.of("-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    List<String> command =
        JavaProcess.command(
            options, Engines.jars(engine), Engines.program(engine, program).toString());
    command.addAll(List.of(arguments));
    Path log = folder.resolve("engine.log");
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(log.toFile()).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); !READY.equals(line); line = out.readLine()) {
      if (line == null) {
        throw new IOException(program + " does not start: " + Files.readString(log));
      }
    }
    new Thread(() -> drain(out), program).start();
    return new EngineProgram(process);
  }

  private static void drain(BufferedReader out) {
    try {
      while (out.readLine() != null) {}
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(LIMIT_SEC, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
