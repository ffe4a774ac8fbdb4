package swarmformer.jobs;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command as it was typed, for the record. */
final class CommandText {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");
  private static final Pattern SECRET =
      Pattern.compile("(?i)^([^=]*(?:password|secret|token|access.?key)[^=]*=).*");

  private CommandText() {}

  /** The command with arguments quoted for a shell, and the values of secrets left out. */
  static String of(String program, String... arguments) {
    return program
        + Arrays.stream(arguments)
            .map(argument -> SECRET.matcher(argument).replaceFirst("$1***"))
            .map(argument -> " " + quoted(argument))
            .collect(Collectors.joining());
  }

  private static String quoted(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
