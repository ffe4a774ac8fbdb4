package swarmformer.jobs;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** A command as it was typed, for the record. */
final class CommandText {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");
  private static final Pattern SECRET =
      Pattern.compile("(?is)((?:password|secret|token|access.?key)[^=]*=).*");

  /** The password of {@code scheme://user:password@host}. */
  private static final Pattern USER_INFO = Pattern.compile("(://[^/:@]*:)[^/@]*@");

  private CommandText() {}

  /** The command of a program that picocli has parsed, as {@link #of(String, String...)} tells. */
  static String of(CommandSpec program) {
    List<String> arguments = program.commandLine().getParseResult().originalArgs();
    return of(program.name(), arguments.toArray(String[]::new));
  }

  /** The command with arguments quoted for a shell, and the values of secrets left out. */
  static String of(String program, String... arguments) {
    return program
        + Arrays.stream(arguments)
            .map(argument -> " " + quoted(withoutSecrets(argument)))
            .collect(Collectors.joining());
  }

  private static String withoutSecrets(String argument) {
    String hidden = SECRET.matcher(argument).replaceFirst("$1***");
    return USER_INFO.matcher(hidden).replaceAll("$1***@");
  }

  private static String quoted(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
