package swarmformer.data;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.ObjectStreamException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NotDirectoryException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import swarmformer.errors.DeviceException;
import swarmformer.errors.InputException;
import swarmformer.errors.OutputException;
import swarmformer.errors.SwarmFormerException;

/**
 * Tells failures of files, clusters and options from bugs in what Spark, Hadoop and the JDK throw,
 * and says them in one line. What was thrown on purpose further down stays what it is.
 *
 * <p>Spark's failures are known by their condition, the others by their type. Errors of the
 * operating system reach Java as text alone.
 */
public final class Failures {
  /** What Spark raises where a file cannot be read, whatever its reader has thrown. */
  private static final Set<String> DAMAGED = Set.of("CANNOT_READ_FILE_FOOTER", "FAILED_READ_FILE");

  /** Packages of decoders, which may be shaded and so have no class that is known here. */
  private static final List<String> DECODERS =
      List.of("org.apache.orc.", "org.apache.parquet.", "com.google.protobuf.");

  /** Data exceptions, and syntax errors or rule violations. */
  private static final Set<String> MISTAKES = Set.of("22", "42");

  /** What Spark's scheduler says when a task may not be tried again. */
  private static final Pattern LOST_EXECUTOR =
      Pattern.compile(
          "failed (\\d+) times, most recent failure: Lost task .*"
              + "ExecutorLostFailure \\(executor (\\S+) .*\\) Reason: (.*)");

  /** What it says when a task may run nowhere any more, without a cause. */
  private static final Pattern EXCLUDED =
      Pattern.compile(
          "cannot run anywhere due to node and executor excludeOnFailure\\.\\s+Most recent failure:\\s+(.*)",
          Pattern.DOTALL);

  /** How Java writes a failure that was foreseen, and what it says. */
  private static final Pattern FORESEEN =
      Pattern.compile("\\bswarmformer\\.\\w+\\.(\\w+)Exception: ([^\\n]*)");

  /** What says that nobody was asked who may read: there is no ticket, key or token. */
  private static final Pattern NO_CREDENTIALS =
      Pattern.compile("(?i)cannot authenticate|credentials|no valid .*(token|ticket)");

  /** What explains a failure to read, the most telling first. */
  private static final List<Function<Throwable, String>> READING =
      List.of(
          Failures::known,
          Failures::outOfReach,
          Failures::damaged,
          Failures::refusedBySpark,
          Failures::unreachable);

  private Failures() {}

  /**
   * What to throw for a failure to read.
   *
   * @param source what was being read
   * @return an {@link InputException} that explains it, what was thrown on purpose further down, or
   *     the failure itself if nothing is known of it
   */
  public static RuntimeException ofReading(String source, Throwable failure) {
    Optional<RuntimeException> foreseen =
        foreseen(failure).or(() -> explained("Cannot read " + source + ": ", failure, READING));
    return foreseen.orElseGet(() -> unchecked(failure));
  }

  /** What to throw for a failure at one file of a source, which was found. */
  static RuntimeException ofReadingFile(String file, Throwable failure) {
    String local = file.replaceFirst("^file:/+", "/");
    Optional<String> outside =
        first(failure, Failures::known).or(() -> first(failure, Failures::outOfReach));
    return foreseen(failure)
        .orElseGet(
            () ->
                new InputException(
                    "Cannot read "
                        + local
                        + ": "
                        + outside.orElseGet(() -> damage(firstLine(failure))),
                    failure));
  }

  /** What to throw for a failure to read a source, which may be that of a wrong option. */
  static RuntimeException ofReading(TextSource source, Throwable failure) {
    RuntimeException explained = ofReading(source.name(), failure);
    boolean ofOthers = source.format().filter(name -> !TextSource.isOfFiles(name)).isPresent();
    if (explained instanceof SwarmFormerException
        || (source.readerOptions().isEmpty() && !ofOthers)) {
      return explained;
    }
    return chain(failure).stream()
        .filter(
            cause -> cause instanceof IllegalArgumentException || cause instanceof SparkThrowable)
        .reduce((outer, inner) -> inner)
        .<RuntimeException>map(
            refusal ->
                new InputException(
                    "Cannot read %s: %s. Check --option."
                        .formatted(source.name(), firstLine(refusal).replaceFirst("[.]$", "")),
                    failure))
        .orElse(explained);
  }

  /**
   * What to throw for a failure to write.
   *
   * @param output what was being written
   * @return an {@link OutputException} that explains it, or what {@link #ofReading} makes of it
   */
  public static RuntimeException ofWriting(String output, Throwable failure) {
    return ofWriting(output, output, failure);
  }

  /**
   * What to throw for a failure while something is read and written at once.
   *
   * @param output what was being written
   * @param input what was being read, which any other failure is blamed on
   */
  public static RuntimeException ofWriting(String output, String input, Throwable failure) {
    return foreseen(failure)
        .or(() -> explainWriting(output, failure))
        .orElseGet(() -> ofReading(input, failure));
  }

  /** Explains a failure to write; empty if it is none of the usual ones. */
  public static Optional<OutputException> explainWriting(String output, Throwable failure) {
    return refusalToWrite(failure)
        .map(reason -> new OutputException("Cannot write to " + output + ": " + reason, failure));
  }

  /**
   * What to report for a failure that nobody has explained where it was thrown: that executors died
   * at each attempt of a task, or that a file is damaged or out of reach.
   *
   * @return the failure itself if it may be a bug
   */
  public static Exception ofProgram(Exception failure) {
    return foreseen(failure)
        .or(
            () ->
                first(failure, Failures::lostExecutor).map(it -> new DeviceException(it, failure)))
        .or(() -> excluded(failure))
        .or(
            () ->
                refusalToWrite(failure)
                    .map(it -> new OutputException("Cannot finish: " + it, failure)))
        .or(
            () ->
                isOfReading(failure)
                    ? explained("Cannot finish: ", failure, READING)
                    : first(failure, Failures::damaged)
                        .map(it -> new InputException("Cannot finish: " + it, failure)))
        .map(Exception.class::cast)
        .orElse(failure);
  }

  /** Why something was not written; empty if it is something that was being read. */
  private static Optional<String> refusalToWrite(Throwable failure) {
    return isOfReading(failure) ? Optional.empty() : first(failure, Failures::refusedWriting);
  }

  private static boolean isOfReading(Throwable failure) {
    return chain(failure).stream().anyMatch(cause -> DAMAGED.contains(condition(cause)));
  }

  /** A failure and its causes, outermost first. */
  public static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = failure; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  /** What was thrown on purpose. */
  private static Optional<RuntimeException> foreseen(Throwable failure) {
    return chain(failure).stream()
        .filter(SwarmFormerException.class::isInstance)
        .map(RuntimeException.class::cast)
        .findFirst();
  }

  private static Optional<RuntimeException> explained(
      String beginning, Throwable failure, List<Function<Throwable, String>> kinds) {
    return kinds.stream()
        .flatMap(kind -> first(failure, kind).stream())
        .findFirst()
        .map(reason -> new InputException(beginning + reason, failure));
  }

  /** What the first cause says that the function knows. */
  private static Optional<String> first(Throwable failure, Function<Throwable, String> kind) {
    return chain(failure).stream()
        .flatMap(cause -> Optional.ofNullable(kind.apply(cause)).stream())
        .findFirst();
  }

  private static RuntimeException unchecked(Throwable failure) {
    return failure instanceof RuntimeException bug ? bug : new IllegalStateException(failure);
  }

  private static String known(Throwable cause) {
    String message = firstLine(cause);
    String advice =
        switch (condition(cause)) {
          case "MALFORMED_RECORD_IN_PARSING" ->
              "a record is malformed, and mode=FAILFAST was set. Leave the option out: such rows get an error.";
          case "UNABLE_TO_INFER_SCHEMA" ->
              "no file in it has a schema. Check --format; if the files lie in directories below, set --option recursiveFileLookup=true.";
          case "USER_RAISED_EXCEPTION" -> // by a column that cannot be read as it is
              ((SparkThrowable) cause).getMessageParameters().get("errorMessage");
          case "DATA_SOURCE_NOT_FOUND" ->
              message + " Set --format to one that Spark has, and add its jar.";
          default -> null;
        };
    if (advice != null) {
      return advice;
    }
    if (isDenied(cause)) {
      return denial(cause).orElse("permission denied. Check who may read it.");
    }
    if (cause.getClass().getSimpleName().equals("TextParsingException")
        && message.contains("ArrayIndexOutOfBoundsException")) {
      return "a record has more columns than maxColumns, 20480 if it is not set. Check --option sep, or set --option maxColumns=1000000.";
    }
    if (cause instanceof SQLException) {
      return message + ". Check --option, and add the jar of the driver.";
    }
    if (cause instanceof ClassNotFoundException) {
      return "a class is missing (" + message + "). Add its jar.";
    }
    return cause instanceof UnsupportedFileSystemException
        ? message + ". Check the path, or add the jar of that file system."
        : null;
  }

  private static String damaged(Throwable cause) {
    return DAMAGED.contains(condition(cause)) || isOfDecoder(cause)
        ? damage(firstLine(cause))
        : null;
  }

  private static String damage(String why) {
    return "a file is damaged or of another format (" + why + "). Check it, or set --format.";
  }

  /** Whether it was thrown by what decompresses or decodes the content of files. */
  private static boolean isOfDecoder(Throwable cause) {
    String name = cause.getClass().getName();
    return cause instanceof ZipException
        || (cause instanceof EOFException && !isOfConnection(cause))
        || DECODERS.stream().anyMatch(name::startsWith);
  }

  /** Hadoop's client tells the ends of a connection that broke. */
  private static boolean isOfConnection(Throwable cause) {
    return firstLine(cause).contains("local host is:");
  }

  /** What the storage says, and not the content. */
  private static String outOfReach(Throwable cause) {
    return cause instanceof FileNotFoundException
            || cause instanceof SocketException
            || cause instanceof UnknownHostException
            || cause instanceof InterruptedIOException
            || cause instanceof PathIOException
            || (cause instanceof EOFException && isOfConnection(cause))
        ? unreachable(cause)
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

  private static String refusedWriting(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
      return "the disk is full. Free some space, or set another --output or --store.";
    }
    Optional<String> denial = isDenied(cause) ? denial(cause) : Optional.empty();
    if (denial.isPresent()) {
      return denial.get();
    }
    if (isDenied(cause)
        || message.contains("Mkdirs failed") // of Hadoop's local file system, whatever the reason
        || message.contains("cannot make directory")) {
      return "permission denied. Check who may write there, or set another --output or --store.";
    }
    if (cause instanceof NotDirectoryException
        || cause instanceof ParentNotDirectoryException
        || cause instanceof FileAlreadyExistsException
        || message.contains("(Not a directory)")) {
      return "it is not a directory. Set another --output or --store.";
    }
    return cause instanceof UnsupportedFileSystemException
        ? message + ". Add the jar of that file system."
        : null;
  }

  private static String lostExecutor(Throwable cause) {
    Matcher lost = LOST_EXECUTOR.matcher(String.valueOf(cause.getMessage()));
    return lost.find()
        ? "Cannot finish: an executor died at each of %s attempts of a task, at last executor %s (%s). If memory ran out, raise spark.executor.memoryOverhead; the log of that executor may tell more."
            .formatted(lost.group(1), lost.group(2), lost.group(3).strip().replaceFirst("\\.$", ""))
        : null;
  }

  /** What a task failed with on every host that it may run on. */
  private static Optional<RuntimeException> excluded(Throwable failure) {
    return first(failure, Failures::mostRecentFailure)
        .map(
            text -> {
              Matcher foreseen = FORESEEN.matcher(text);
              if (!foreseen.find()) {
                return new DeviceException(
                    "Cannot finish: a task failed on every host that it may run on, at last with: "
                        + text.lines().findFirst().orElse(""),
                    failure);
              }
              return switch (foreseen.group(1)) {
                case "Input" -> new InputException(foreseen.group(2), failure);
                case "Output" -> new OutputException(foreseen.group(2), failure);
                default -> new DeviceException(foreseen.group(2), failure);
              };
            });
  }

  private static String mostRecentFailure(Throwable cause) {
    Matcher excluded = EXCLUDED.matcher(String.valueOf(cause.getMessage()));
    return excluded.find() ? excluded.group(1).strip() : null;
  }

  /** Where it is the reader who is not known, rather than what is read that is closed to it. */
  private static Optional<String> denial(Throwable cause) {
    String message = firstLine(cause);
    return NO_CREDENTIALS.matcher(message).find()
        ? Optional.of(
            "no credentials for that storage (%s). Run kinit, or set the keys or the role that it asks for."
                .formatted(message))
        : Optional.empty();
  }

  private static boolean isDenied(Throwable cause) {
    return cause instanceof AccessDeniedException
        || cause instanceof AccessControlException
        || String.valueOf(cause.getMessage()).contains("Permission denied");
  }

  /** The main condition of a failure of Spark's; empty for others. */
  private static String condition(Throwable cause) {
    return cause instanceof SparkThrowable spark && spark.getCondition() != null
        ? spark.getCondition().replaceFirst("[.].*", "")
        : "";
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
