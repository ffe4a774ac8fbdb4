package swarmformer.jobs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** Processes with a JVM of their own, that of this process. */
public final class JavaProcess {
  private JavaProcess() {}

  /** The command of a program on the class path of the tests. */
  public static List<String> command(List<String> options, Class<?> program, String... arguments) {
    return command(
        options,
        System.getProperty("java.class.path"),
        Stream.concat(Stream.of(program.getName()), Stream.of(arguments)).toArray(String[]::new));
  }

  /** The command of a program and its arguments, with options of the JVM. */
  public static List<String> command(List<String> options, String classPath, String... program) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    command.addAll(List.of(program));
    return command;
  }

  /**
   * A command that uses Spark, the one that the build has assembled.
   *
   * @param log the file to which all that it writes is appended
   */
  public static ProcessBuilder ofSpark(
      Path log, List<String> options, String classPath, String... program) {
    List<String> all = new ArrayList<>(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    all.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command(all, classPath, program))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("SPARK_HOME", sparkHome().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    return builder;
  }

  /** The directory of the Spark that the build has assembled. */
  static Path sparkHome() {
    return Script.projectHome().resolve("target/runtime");
  }
}
