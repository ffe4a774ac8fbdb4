package swarmformer.errors;

/** Input that cannot be read, or not be used. */
public class InputException extends SwarmFormerException {
  private static final long serialVersionUID = 1L;

  /** With a message for a person. */
  public InputException(String message) {
    super(ErrorCode.INPUT, message);
  }

  /** With a message for a person and the failure behind it. */
  public InputException(String message, Throwable cause) {
    super(ErrorCode.INPUT, message, cause);
  }
}
