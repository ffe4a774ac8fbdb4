package swarmformer.jobs;

import java.util.concurrent.Callable;
import org.apache.hadoop.util.ShutdownHookManager;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Runs a command line: results to standard output, one line for a user's mistake, an exit code. */
final class Program {
  private Program() {}

  /** Runs a command and ends the JVM with its exit code. */
  static void main(Callable<Integer> command, String... arguments) {
    System.exit(run(command, arguments));
  }

  /** Runs a command and gives its exit code. */
  static int run(Callable<Integer> command, String... arguments) {
    CommandLine line = new CommandLine(command);
    line.setParameterExceptionHandler(Program::explainUsage);
    line.setExecutionExceptionHandler(Program::explainFailure);
    return line.execute(arguments);
  }

  private static int explainUsage(ParameterException mistake, String[] arguments) {
    CommandLine line = mistake.getCommandLine();
    CommandSpec spec = line.getCommandSpec();
    line.getErr().println(mistake.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(mistake, line.getErr());
    line.getErr().println("Try '" + spec.qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private static int explainFailure(
      Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    int code = ExitCode.of(failure);
    if (ShutdownHookManager.get().isShutdownInProgress()) {
      line.getErr().println("Stopped."); // what fails while Spark shuts down is no bug
    } else if (code == ExitCode.BUG) {
      failure.printStackTrace(line.getErr());
      line.getErr().println("This is a bug: please report it with the lines above.");
    } else {
      line.getErr().println(failure.getMessage());
    }
    return code;
  }
}
