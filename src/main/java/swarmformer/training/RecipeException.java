package swarmformer.training;

import java.util.Locale;
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

  /** That a device has no memory for so many token positions at once. */
  static RecipeException ofMemory(int microBatch, Throwable cause) {
    return new RecipeException(
        String.format(
            Locale.ROOT,
            "Cannot train: there is no memory for a step of %,d token positions. Lower micro-batch in the recipe, and set another --output.",
            microBatch),
        cause);
  }
}
