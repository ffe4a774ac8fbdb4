package swarmformer.model;

/**
 * A model that cannot be found, read or trusted. The message is for a person: it says what is
 * wrong, why, and how to fix it.
 */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Refuses a model with a message for a person. */
  public ModelException(String message) {
    super(message);
  }

  /** Refuses a model with a message for a person and the failure behind it. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
