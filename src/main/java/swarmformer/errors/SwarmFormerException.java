package swarmformer.errors;

/**
 * A failure that was foreseen. The message is for a person: it says what is wrong, why, and how to
 * fix it.
 *
 * <p>Of this kind of exception, PySpark and Spark Connect show the message alone.
 */
public abstract class SwarmFormerException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** Fails with a message for a person. */
  protected SwarmFormerException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  /** Fails with a message for a person and the failure behind it. */
  protected SwarmFormerException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The kind of failure. */
  public final ErrorCode code() {
    return code;
  }
}
