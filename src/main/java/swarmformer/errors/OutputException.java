package swarmformer.errors;

/** Output that cannot be written. */
public final class OutputException extends SwarmFormerException {
  private static final long serialVersionUID = 1L;

  /** With a message for a person. */
  public OutputException(String message) {
    super(ErrorCode.OUTPUT, message);
  }

  /** With a message for a person and the failure behind it. */
  public OutputException(String message, Throwable cause) {
    super(ErrorCode.OUTPUT, message, cause);
  }
}
