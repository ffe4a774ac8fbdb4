package swarmformer.data;

import java.nio.file.AccessDeniedException;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.security.AccessControlException;

/** Tells a full or forbidden disk from a bug, and says it in one line. */
public final class WriteErrors {
  private WriteErrors() {}

  /**
   * Gives the exception to throw for a failure.
   *
   * @param output what was being written
   * @return a {@link DataException} that explains it, or what {@link ReadErrors} makes of it
   */
  public static RuntimeException translate(String output, Throwable failure) {
    return translate(output, output, failure);
  }

  /**
   * Gives the exception to throw for a failure while something is read and written at once.
   *
   * @param output what was being written
   * @param input what was being read, which any other failure is blamed on
   */
  public static RuntimeException translate(String output, String input, Throwable failure) {
    return explain(output, failure)
        .map(RuntimeException.class::cast)
        .orElseGet(() -> ReadErrors.translate(input, failure));
  }

  /**
   * Explains a failure to write.
   *
   * @param output what was being written
   * @return what to throw; empty if it is none of the usual failures
   */
  public static Optional<DataException> explain(String output, Throwable failure) {
    return ReadErrors.chain(failure).stream()
        .map(WriteErrors::reason)
        .filter(Objects::nonNull)
        .findFirst()
        .map(reason -> new DataException("Cannot write to " + output + ": " + reason, failure));
  }

  private static String reason(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
      return "the disk is full. Free some space, or set another --output or --store.";
    }
    if (cause instanceof AccessDeniedException
        || cause instanceof AccessControlException
        || message.contains("Permission denied")
        || message.contains("Mkdirs failed")
        || message.contains("cannot make directory")) {
      return "permission denied. Check who may write there, or set another --output or --store.";
    }
    if (message.contains("not a directory") || message.contains("Not a directory")) {
      return "it is not a directory. Set another --output or --store.";
    }
    if (message.contains("No FileSystem for scheme")) {
      return message + ". Add the jar of that file system.";
    }
    return null;
  }
}
