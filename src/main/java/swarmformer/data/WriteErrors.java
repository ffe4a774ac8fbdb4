package swarmformer.data;

import java.nio.file.AccessDeniedException;
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
    for (Throwable cause : ReadErrors.chain(failure)) {
      String reason = reason(cause);
      if (reason != null) {
        return new DataException("Cannot write to " + output + ": " + reason, failure);
      }
    }
    return ReadErrors.translate(output, failure);
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
        || message.contains("cannot make folder")) {
      return "permission denied. Check who may write there, or set another --output or --store.";
    }
    if (message.contains("not a directory") || message.contains("Not a directory")) {
      return "it is not a folder. Set another --output or --store.";
    }
    if (message.contains("No FileSystem for scheme")) {
      return message + ". Add the jar of that file system.";
    }
    return null;
  }
}
