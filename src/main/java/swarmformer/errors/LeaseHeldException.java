package swarmformer.errors;

/** Another process holds the lease of what was to be written. */
public final class LeaseHeldException extends SwarmFormerException {
  private static final long serialVersionUID = 1L;

  /** With a message for a person. */
  public LeaseHeldException(String message) {
    super(ErrorCode.HELD, message);
  }
}
