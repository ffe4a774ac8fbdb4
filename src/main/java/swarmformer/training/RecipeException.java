package swarmformer.training;

/**
 * A recipe that cannot be used, or data that it cannot be used on; the message says how to fix it.
 */
public final class RecipeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a message for the user. */
  public RecipeException(String message) {
    super(message);
  }

  /** With a message for the user, and what was the cause. */
  public RecipeException(String message, Throwable cause) {
    super(message, cause);
  }
}
