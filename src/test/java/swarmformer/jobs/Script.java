package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A script of this project, as a user starts it.
 *
 * @param home the project's directory
 * @param folder where the user stands; standard output and error are kept here
 * @param environment what the user has set
 */
public record Script(Path home, Path folder, Map<String, String> environment) {
  /** More than any script takes, unless the machine is busy with other things. */
  private static final long LIMIT_MIN = Long.getLong("swarmformer.script.minutes", 10);

  /** What a script did. */
  public record Ended(int code, String out, String err) {
    /** Checks that it ended without an error; what it wrote tells why it did not. */
    public void assertDone() {
      assertThat(code).as(err + out).isZero();
    }
  }

  /** A script of the project that is being built, started in a directory. */
  public static Script in(Path folder) {
    return new Script(projectHome(), folder, Map.of());
  }

  /** The directory of the project that is being built. */
  public static Path projectHome() {
    return Path.of(System.getProperty("swarmformer.home", "")).toAbsolutePath();
  }

  /** Starts {@code jobs/score.sh}. */
  public Process start(String... arguments) throws IOException {
    return startJob("score", arguments);
  }

  /** Starts a script of {@code jobs/}, given its name without ending. */
  Process startJob(String job, String... arguments) throws IOException {
    return startJob(List.of(), job, arguments);
  }

  /** Starts a script of {@code jobs/} by a command that takes a command line as its last words. */
  public Process startJob(List<String> by, String job, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(by);
    command.add(home.resolve("jobs").resolve(job + ".sh").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(file("out"))
            .redirectError(file("err"));
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("SWARMFORMER_LOGS", folder.resolve("logs").toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Runs {@code jobs/score.sh} to its end. */
  public Ended score(String... arguments) throws IOException, InterruptedException {
    return run("score", arguments);
  }

  /** Runs a script to its end, given its name without ending. */
  public Ended run(String job, String... arguments) throws IOException, InterruptedException {
    Process process = startJob(job, arguments);
    try {
      if (!process.waitFor(LIMIT_MIN, TimeUnit.MINUTES)) {
        throw new IOException(job + ".sh did not end: " + Files.readString(file("err").toPath()));
      }
    } finally {
      process.destroyForcibly();
    }
    return ended(process);
  }

  /** Waits for a process that this script started, however long it takes. */
  public Ended awaitEnd(Process process) throws IOException, InterruptedException {
    process.waitFor();
    return ended(process);
  }

  /** What a process that has ended did. */
  public Ended ended(Process process) throws IOException {
    return new Ended(
        process.exitValue(),
        Files.readString(file("out").toPath()),
        Files.readString(file("err").toPath()));
  }

  private File file(String name) {
    return folder.resolve("score." + name).toFile();
  }
}
