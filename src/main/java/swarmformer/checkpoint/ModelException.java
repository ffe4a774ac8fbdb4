package swarmformer.checkpoint;

import java.util.List;
import swarmformer.errors.ErrorCode;
import swarmformer.errors.SwarmFormerException;

/** A model that cannot be found, read or trusted. */
public final class ModelException extends SwarmFormerException {
  private static final long serialVersionUID = 1L;

  private static final int LONGEST_QUOTE = 100;
  private static final int LONGEST_LIST = 100;

  /** Refuses a model with a message for a person. */
  public ModelException(String message) {
    super(ErrorCode.MODEL, message);
  }

  /** Refuses a model with a message for a person and the failure behind it. */
  public ModelException(String message, Throwable cause) {
    super(ErrorCode.MODEL, message, cause);
  }

  /** Text of a model's file in quotes, fit for a message: one line, short, nothing invisible. */
  static String quoted(String text) {
    return "'" + shown(text) + "'";
  }

  /** Text from outside, fit for a message: one line, short, nothing invisible. */
  public static String shown(String text) {
    String cut = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
    return cut.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
  }

  /** The items with {@code separator} between them; of a very long list, the start and a count. */
  static String listed(List<String> items, String separator) {
    if (items.size() <= LONGEST_LIST) {
      return String.join(separator, items);
    }
    return String.join(separator, items.subList(0, LONGEST_LIST))
        + separator
        + "and "
        + (items.size() - LONGEST_LIST)
        + " more";
  }
}
