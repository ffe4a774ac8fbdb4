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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
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

/**
 * What single exceptions of Spark, Hadoop and the JDK mean, in a line; null where nothing is known.
 */
final class KnownCauses {
  /**
   * What Spark raises where a file cannot be read, whatever its reader has thrown. Of a task that
   * may run nowhere any more it tells the text alone.
   */
  private static final Pattern READING =
      Pattern.compile("\\[(?:CANNOT_READ_FILE_FOOTER|FAILED_READ_FILE)\\b.*");

  /** Packages of decoders, which may be shaded and so have no class that is known here. */
  private static final List<String> DECODERS =
      List.of("org.apache.orc.", "org.apache.parquet.", "com.google.protobuf.");

  /** Data exceptions, and syntax errors or rule violations. */
  private static final Set<String> MISTAKES = Set.of("22", "42");

  /** What says that nobody was asked who may read: there is no ticket, key or token. */
  private static final Pattern NO_CREDENTIALS =
      Pattern.compile(
          "(?i)cannot authenticate|(?<![\\w/.=-])credentials?(?![\\w/=-]|\\.\\w)|no valid .*(token|ticket)");

  private static final Pattern INODE = Pattern.compile("inode=\"([^\"]+)\"");

  private KnownCauses() {}

  static String known(Throwable cause) {
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
      return denial(cause)
          .orElse("permission denied%s. Check who may read it.".formatted(deniedPath(cause)));
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

  static String damaged(Throwable cause) {
    Optional<String> reading = reading(cause);
    if (reading.isPresent()) {
      return damage(reading.get());
    }
    return isOfDecoder(cause) ? damage(firstLine(cause)) : null;
  }

  static String damage(String why) {
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
  static boolean isOfConnection(Throwable cause) {
    return firstLine(cause).contains("local host is:");
  }

  /** What the storage says, and not the content. */
  static String outOfReach(Throwable cause) {
    return cause instanceof FileNotFoundException
            || cause instanceof SocketException
            || cause instanceof UnknownHostException
            || cause instanceof InterruptedIOException
            || cause instanceof PathIOException
            || (cause instanceof EOFException && isOfConnection(cause))
        ? unreachable(cause)
        : null;
  }

  static String refusedBySpark(Throwable cause) {
    String refusal = refusal(cause);
    return refusal == null ? null : refusal + " Check the input, --format and --option.";
  }

  /** Faults of a query, a parameter or a table, by the class of the SQL standard. */
  static String refusal(Throwable cause) {
    boolean mistake =
        cause instanceof AnalysisException
            || (cause instanceof SparkThrowable spark
                && spark.getSqlState() != null
                && MISTAKES.contains(spark.getSqlState().substring(0, 2)));
    return mistake ? firstLine(cause) : null;
  }

  static String unreachable(Throwable cause) {
    String message = firstLine(cause);
    if (cause instanceof FileNotFoundException) {
      return "a file was not found (" + message + "). Did it change while it was read?";
    }
    return cause instanceof IOException && !(cause instanceof ObjectStreamException)
        ? cause.getClass().getSimpleName() + " (" + message + "). Check the path."
        : null;
  }

  static String refusedWriting(Throwable cause) {
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

  /** Where it is the reader who is not known, rather than what is read that is closed to it. */
  private static Optional<String> denial(Throwable cause) {
    String message = firstLine(cause);
    return NO_CREDENTIALS.matcher(message).find()
        ? Optional.of(
            "no credentials for that storage (%s). Run kinit, or set the keys or the role that it asks for."
                .formatted(message))
        : Optional.empty();
  }

  /** HDFS tells it, which may be a directory far below the one that is read. */
  private static String deniedPath(Throwable cause) {
    Matcher inode = INODE.matcher(firstLine(cause));
    return inode.find() ? " for " + inode.group(1) : "";
  }

  private static boolean isDenied(Throwable cause) {
    return cause instanceof AccessDeniedException
        || cause instanceof AccessControlException
        || String.valueOf(cause.getMessage()).contains("Permission denied");
  }

  /** The main condition of a failure of Spark's; empty for others. */
  static String condition(Throwable cause) {
    return cause instanceof SparkThrowable spark && spark.getCondition() != null
        ? spark.getCondition().replaceFirst("[.].*", "")
        : "";
  }

  static String firstLine(Throwable cause) {
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  /** Whether Spark says that a file was being read. */
  static boolean isOfReading(Throwable cause) {
    return reading(cause).isPresent();
  }

  private static Optional<String> reading(Throwable cause) {
    return READING
        .matcher(String.valueOf(cause.getMessage()))
        .results()
        .findFirst()
        .map(MatchResult::group);
  }
}
