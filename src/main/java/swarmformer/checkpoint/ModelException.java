package swarmformer.checkpoint;

import java.util.List;

/**
 * A model that cannot be found, read or trusted. The message is for a person: it says what is
 * wrong, why, and how to fix it.
 *
 * <p>Of this kind of exception, PySpark and Spark Connect show the message alone.
 */
public final class ModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private static final int LONGEST_QUOTE = 100;
  private static final int LONGEST_LIST = 100;

  /** Refuses a model with a message for a person. */
  public ModelException(String message) {
    super(message);
  }

  /** Refuses a model with a message for a person and the failure behind it. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Text of a model's file in quotes, fit for a message: one line, short, nothing invisible. */
  static String quoted(String text) {
    return "'" + shown(text) + "'";
  }

  /** Text of a model's file, fit for a message: one line, short, nothing invisible. */
  static String shown(String text) {
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
