package swarmformer.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.nio.file.AccessDeniedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** Tells a user's mistake from a bug in what Spark and Hadoop throw, and says it in one line. */
public final class ReadErrors {
  private static final List<String> CORRUPT =
      List.of(
          "is not a Parquet file",
          "CANNOT_READ_FILE_FOOTER",
          "FAILED_READ_FILE",
          "Could not read footer",
          "Malformed ORC file",
          "Protocol message",
          "Not a valid ORC file",
          "Could not read page",
          "Not in GZIP format",
          "not a gzip file",
          "invalid stored block lengths",
          "incorrect header check");

  /** Data exceptions, and syntax errors or rule violations. */
  private static final Set<String> MISTAKES = Set.of("22", "42");

  private static final String RAISED = "[USER_RAISED_EXCEPTION] ";

  /** What explains a failure, the most telling first. */
  private static final List<Function<Throwable, String>> KINDS =
      List.of(
          ReadErrors::known,
          ReadErrors::damaged,
          ReadErrors::refusedBySpark,
          ReadErrors::unreachable);

  private ReadErrors() {}

  /**
   * Gives the exception to throw for a failure.
   *
   * @param source what was being read
   * @return a {@link DataException} that explains it, one that was thrown on purpose further down,
   *     or the failure itself if nothing is known of it
   */
  public static RuntimeException translate(String source, Throwable failure) {
    List<Throwable> chain = chain(failure);
    for (Throwable cause : chain) {
      if (cause instanceof RuntimeException known && isOurs(known)) {
        return known;
      }
    }
    for (Function<Throwable, String> kind : KINDS) {
      for (Throwable cause : chain) {
        String reason = kind.apply(cause);
        if (reason != null) {
          return new DataException("Cannot read " + source + ": " + reason, failure);
        }
      }
    }
    return failure instanceof RuntimeException bug ? bug : new IllegalStateException(failure);
  }

  /** What to throw for a failure at one file of a source. */
  static RuntimeException ofFile(String file, Throwable failure) {
    String local = file.replaceFirst("^file:/+", "/");
    RuntimeException explained = translate(local, failure);
    return explained instanceof DataException && damaged(failure) == null
        ? explained
        : new DataException(
            "Cannot read %s: a file is damaged or of another format (%s). Check it, or set --format."
                .formatted(local, firstLine(failure)),
            failure);
  }

  /** Gives the exception to throw for a failure, which may be that of a wrong option. */
  static RuntimeException translate(TextSource source, Throwable failure) {
    RuntimeException explained = translate(source.name(), failure);
    boolean ofOthers = source.format().filter(name -> !TextSource.isOfFiles(name)).isPresent();
    if (isOurs(explained) || (source.readerOptions().isEmpty() && !ofOthers)) {
      return explained;
    }
    return chain(failure).stream()
        .filter(
            cause -> cause instanceof IllegalArgumentException || cause instanceof SparkThrowable)
        .reduce((outer, inner) -> inner)
        .<RuntimeException>map(
            refusal ->
                new DataException(
                    "Cannot read %s: %s. Check --option."
                        .formatted(source.name(), firstLine(refusal).replaceFirst("[.]$", "")),
                    failure))
        .orElse(explained);
  }

  /** A failure and its causes, outermost first. */
  public static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = failure; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  /** Whether an exception was thrown by this project, with a message for a person. */
  private static boolean isOurs(RuntimeException exception) {
    return exception.getClass().getName().startsWith("swarmformer.");
  }

  private static String known(Throwable cause) {
    String message = firstLine(cause);
    if (isDenied(cause, message)) {
      return "permission denied. Check who may read it.";
    }
    if (message.contains("MALFORMED_RECORD_IN_PARSING")) {
      return "a record is malformed, and mode=FAILFAST was set. Leave the option out: such rows get an error.";
    }
    if (cause.getClass().getSimpleName().equals("TextParsingException")
        && message.contains("ArrayIndexOutOfBoundsException")) {
      return "a record has more columns than maxColumns, 20480 if it is not set. Check --option sep, or set --option maxColumns=1000000.";
    }
    if (message.contains("UNABLE_TO_INFER_SCHEMA")) {
      return "no file in it tells columns. Check --format; if the files lie in folders below, set --option recursiveFileLookup=true.";
    }
    if (message.startsWith(RAISED)) { // by a column that cannot be read as it is
      return message.substring(RAISED.length()).replaceFirst(" SQLSTATE: .*", "");
    }
    if (message.contains("DATA_SOURCE_NOT_FOUND")) {
      return message + " Set --format to one that Spark has, and add its jar.";
    }
    if (cause instanceof SQLException) {
      return message + ". Check --option, and add the jar of the driver.";
    }
    if (cause instanceof ClassNotFoundException) {
      return "a class is missing (" + message + "). Add its jar.";
    }
    return message.contains("No FileSystem for scheme")
        ? message + ". Check the path, or add the jar of that file system."
        : null;
  }

  private static String damaged(Throwable cause) {
    String message = firstLine(cause);
    return CORRUPT.stream().anyMatch(message::contains)
        ? "a file is damaged or of another format (" + message + "). Check it, or set --format."
        : null;
  }

  /** Faults of a query or a parameter, by the class of the SQL standard. */
  private static String refusedBySpark(Throwable cause) {
    boolean mistake =
        cause instanceof AnalysisException
            || (cause instanceof SparkThrowable spark
                && spark.getSqlState() != null
                && MISTAKES.contains(spark.getSqlState().substring(0, 2)));
    return mistake ? firstLine(cause) + " Check the input, --format and --option." : null;
  }

  private static String unreachable(Throwable cause) {
    String message = firstLine(cause);
    if (cause instanceof FileNotFoundException) {
      return "a file was not found (" + message + "). Did it change while it was read?";
    }
    return cause instanceof IOException && !(cause instanceof ObjectStreamException)
        ? cause.getClass().getSimpleName() + " (" + message + "). Check the path."
        : null;
  }

  private static boolean isDenied(Throwable cause, String message) {
    return cause instanceof AccessDeniedException
        || cause instanceof AccessControlException
        || message.contains("Permission denied");
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
