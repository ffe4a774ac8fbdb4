package swarmformer.jobs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import swarmformer.data.Failures;
import swarmformer.errors.ErrorCode;

/** Runs a command line: results to standard output, one line for a user's mistake, an exit code. */
final class Program {
  /** Picocli tells it in different exceptions, and suggests something in one of them only. */
  private static final Pattern UNKNOWN_OPTION = Pattern.compile("Unknown options?: '([^']+)'");

  /** Environment variable of what the user calls the program, where that is no script of jobs/. */
  private static final String NAME = "SWARMFORMER_PROGRAM";

  /** How Spark calls a thread that runs a task, or has run one. */
  private static final String OF_TASK = "Executor task launch worker for ";

  private static final Duration TASKS_END = Duration.ofMinutes(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  private static final Logger LOG = LoggerFactory.getLogger(Program.class);

  private Program() {}

  /**
   * Runs a command and ends the JVM with its exit code. In cluster mode on YARN the JVM is the
   * application master's, which takes a return for success and an exception for failure, and
   * reports an end of the JVM as a crash.
   *
   * @throws JobFailedException in cluster mode on YARN, if the exit code is not 0
   */
  static void main(Callable<Integer> command, String... arguments) {
    if (isInApplicationMaster()) {
      StringWriter said = new StringWriter();
      int code = line(command).setErr(new PrintWriter(said, true)).execute(arguments);
      System.err.print(said);
      if (code != ExitCode.DONE) {
        throw new JobFailedException(code, said.toString().strip());
      }
    } else {
      int code = run(command, arguments);
      awaitTasks();
      System.exit(code);
    }
  }

  /** A JVM must not exit while libtorch computes; Spark ends without its last local tasks. */
  private static void awaitTasks() {
    long end = System.nanoTime() + TASKS_END.toNanos();
    while (System.nanoTime() < end
        && Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getState() == Thread.State.RUNNABLE)
            .anyMatch(thread -> thread.getName().startsWith(OF_TASK))) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private static boolean isInApplicationMaster() {
    SparkConf submitted = new SparkConf();
    return submitted.get("spark.master", "").equals("yarn")
        && submitted.get("spark.submit.deployMode", "client").equals("cluster");
  }

  /** Runs a command and gives its exit code. */
  static int run(Callable<Integer> command, String... arguments) {
    return line(command).execute(arguments);
  }

  private static CommandLine line(Callable<Integer> command) {
    CommandLine line = new CommandLine(command);
    Optional.ofNullable(System.getenv(NAME)).ifPresent(line::setCommandName);
    line.getCommandSpec()
        .preprocessor((arguments, spec, none, info) -> refuseMistyped(spec, arguments));
    line.setParameterExceptionHandler(Program::explainUsage);
    line.setExecutionExceptionHandler(Program::explainFailure);
    return line;
  }

  /**
   * So that --input takes no mistyped option. Picocli's own rule refuses every value that begins
   * with a minus, too, such as the label -1.
   *
   * @param arguments the last one first
   * @return that the arguments are still to be parsed
   */
  private static boolean refuseMistyped(CommandSpec spec, List<String> arguments) {
    List<String> mistyped = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.startsWith("--") && !spec.optionsMap().containsKey(argument.split("=", 2)[0])) {
        mistyped.add(0, argument);
      }
    }
    if (!mistyped.isEmpty()) {
      throw new UnmatchedArgumentException(spec.commandLine(), mistyped);
    }
    return false;
  }

  /**
   * Refuses options that do not go together, all at once.
   *
   * @throws ParameterException if there is any clash
   */
  @SafeVarargs
  static void refuseClashes(CommandSpec spec, List<String>... clashes) {
    List<String> all = new ArrayList<>();
    for (List<String> some : clashes) {
      all.addAll(some);
    }
    if (!all.isEmpty()) {
      throw new ParameterException(spec.commandLine(), String.join(" ", all));
    }
  }

  private static int explainUsage(ParameterException mistake, String[] arguments) {
    CommandLine line = mistake.getCommandLine();
    line.getErr()
        .printf(
            "%s %sTry '%s --help'.%n",
            sentence(mistake.getMessage()),
            suggestion(mistake),
            line.getCommandSpec().qualifiedName());
    return ErrorCode.USAGE.exitCode();
  }

  private static String suggestion(ParameterException mistake) {
    Matcher unknown = UNKNOWN_OPTION.matcher(mistake.getMessage());
    if (!unknown.find()) {
      return "";
    }
    List<String> options =
        new UnmatchedArgumentException(mistake.getCommandLine(), List.of(unknown.group(1)))
            .getSuggestions();
    return options.isEmpty() ? "" : "Did you mean " + String.join(" or ", options) + "? ";
  }

  private static String sentence(String message) {
    String line = String.join(" ", message.lines().toList()).strip();
    return line.endsWith(".") ? line : line + ".";
  }

  private static int explainFailure(
      Exception thrown, CommandLine line, CommandLine.ParseResult parsed) {
    Exception failure = Failures.ofProgram(thrown);
    int code = ExitCode.of(failure);
    LOG.info("Ends with exit code {}", code, thrown);
    if (ShutdownHookManager.get().isShutdownInProgress()) {
      line.getErr().println("Stopped."); // what fails while Spark shuts down is no bug
    } else if (code == ErrorCode.INTERNAL.exitCode()) {
      failure.printStackTrace(line.getErr());
      line.getErr().println("This is a bug: please report it with the lines above.");
    } else {
      line.getErr().println(failure.getMessage());
    }
    return code;
  }
}
