package swarmformer.training;

import swarmformer.errors.ErrorCode;
import swarmformer.errors.SwarmFormerException;

/** A recipe that cannot be used, or data that it cannot be used on. */
public final class RecipeException extends SwarmFormerException {
  private static final long serialVersionUID = 1L;

  /** With a message for a person. */
  public RecipeException(String message) {
    super(ErrorCode.INPUT, message);
  }

  /** With a message for a person and the failure behind it. */
  public RecipeException(String message, Throwable cause) {
    super(ErrorCode.INPUT, message, cause);
  }
}
