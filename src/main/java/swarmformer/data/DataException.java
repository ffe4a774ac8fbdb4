package swarmformer.data;

/**
 * Input that cannot be read or output that cannot be written. The message is for a person: it says
 * what is wrong, why, and how to fix it.
 *
 * <p>Of this kind of exception, PySpark and Spark Connect show the message alone.
 */
public final class DataException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Refuses input or output with a message for a person. */
  public DataException(String message) {
    super(message);
  }

  /** Refuses input or output with a message for a person and the failure behind it. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
