package swarmformer.data;

/** Something is being written by another process. The message is for a person. */
public final class HeldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Refuses to write what another process writes, with a message for a person. */
  public HeldException(String message) {
    super(message);
  }
}
