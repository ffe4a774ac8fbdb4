package swarmformer.jobs;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs shipped files as a user or a cluster would, with stand-ins for programs that are not here.
 *
 * @param folder where commands run; its directory {@code bin} comes first on the PATH
 */
public record Shell(Path folder) {
  /** A shell that starts in a directory. */
  public static Shell in(Path folder) {
    return new Shell(folder);
  }

  /** Makes a program of a name out of the body of a shell script. */
  public Path program(String name, String body) throws IOException {
    Path program = folder.resolve("bin").resolve(name);
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/usr/bin/env bash\n" + body + "\n");
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs a command to its end. */
  public Script.Ended run(Object... command) throws IOException, InterruptedException {
    return run(Map.of(), command);
  }

  /** Runs a command to its end, with more environment variables. */
  public Script.Ended run(Map<String, String> environment, Object... command)
      throws IOException, InterruptedException {
    File out = folder.resolve("shell.out").toFile();
    File err = folder.resolve("shell.err").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(Stream.of(command).map(Object::toString).toList())
            .directory(folder.toFile())
            .redirectOutput(out)
            .redirectError(err);
    builder.environment().keySet().removeAll(List.of("SPARK_HOME", "CUDA_VISIBLE_DEVICES"));
    builder
        .environment()
        .merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    builder.environment().putAll(new HashMap<>(environment));
    int code = builder.start().waitFor();
    return new Script.Ended(code, read(out), read(err));
  }

  private static String read(File file) throws IOException {
    return Files.readString(file.toPath(), StandardCharsets.UTF_8);
  }
}
