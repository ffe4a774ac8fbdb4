package swarmformer.jobs;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Model.CommandSpec;
import swarmformer.data.Secrets;

/**
 * A command as it was typed, for the record, with the names of its options and the values that
 * cannot be secrets.
 */
final class CommandText {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");
  private static final String HIDDEN = "***";

  /** Options of readers that hold no secrets; sources have others, such as {@code url}. */
  private static final Set<String> READER_OPTIONS =
      Set.of(
          "basepath",
          "charset",
          "comment",
          "compression",
          "dateformat",
          "dbtable",
          "delimiter",
          "driver",
          "encoding",
          "escape",
          "fetchsize",
          "header",
          "inferschema",
          "linesep",
          "mergeschema",
          "mode",
          "modifiedafter",
          "modifiedbefore",
          "multiline",
          "nullvalue",
          "numpartitions",
          "pathglobfilter",
          "quote",
          "recursivefilelookup",
          "rowtag",
          "samplingratio",
          "sep",
          "timestampformat",
          "timezone",
          "versionasof",
          "wholetext");

  /** Options whose values may be addresses. */
  private static final Set<String> PLACES =
      Set.of(
          "--input",
          "--output",
          "--store",
          "--model",
          "--from",
          "--teacher",
          "--labels",
          "--predictions",
          "--recipe",
          "--delete-ids",
          "--lineage",
          "--validation",
          "--unlabelled");

  private final Optional<Pattern> redaction;
  private final StringBuilder text;

  private CommandText(String program, Optional<Pattern> redaction) {
    this.text = new StringBuilder(program);
    this.redaction = redaction;
  }

  /** The command of a program that picocli has parsed, as {@link #of(String, String...)} tells. */
  static String of(CommandSpec program) {
    List<String> arguments = program.commandLine().getParseResult().originalArgs();
    return of(program.name(), arguments.toArray(String[]::new));
  }

  /**
   * The command with arguments quoted for a shell, and without what may be a secret: passwords and
   * queries in addresses, the values of reader options that are not known, and what Spark's setting
   * {@code spark.redaction.regex} matches, if it is set.
   */
  static String of(String program, String... arguments) {
    SparkConf settings = new SparkConf();
    Optional<Pattern> redaction =
        settings.contains("spark.redaction.regex")
            ? Optional.of(Pattern.compile(settings.get("spark.redaction.regex")))
            : Optional.empty();
    return new CommandText(program, redaction).add(arguments);
  }

  private String add(String... arguments) {
    String option = "";
    for (String argument : arguments) {
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      if (equals > 0) {
        option = argument.substring(0, equals);
        append(option + "=" + shown(option, argument.substring(equals + 1)));
      } else if (argument.startsWith("--")) {
        option = argument;
        append(argument);
      } else {
        append(shown(option, argument));
      }
    }
    return text.toString();
  }

  private String shown(String option, String value) {
    if (redaction.filter(secret -> secret.matcher(value).find()).isPresent()) {
      return HIDDEN;
    }
    if (option.equals("--option")) {
      return ofReader(value);
    }
    if (option.equals("--alert")) {
      return HIDDEN; // addresses of webhooks are secrets, and commands may hold some
    }
    return PLACES.contains(option) ? Secrets.without(value) : value;
  }

  private static String ofReader(String value) {
    int equals = value.indexOf('=');
    String key = value.substring(0, Math.max(equals, 0));
    return READER_OPTIONS.contains(key.toLowerCase(Locale.ROOT)) ? value : key + "=" + HIDDEN;
  }

  private void append(String argument) {
    text.append(' ').append(quoted(argument));
  }

  /** An argument as a shell takes it for one word. */
  static String quoted(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
