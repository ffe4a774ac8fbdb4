package swarmformer.tokens;

import java.util.function.Function;

/** Which program turns texts into ids. The ids are the same. */
public enum TokenizerKind {
  /** {@link Tokenizer}. */
  FAST,
  /** {@link ReferenceTokenizer}, to compare with. */
  REFERENCE;

  /**
   * Opens a tokenizer for as long as the JVM runs.
   *
   * @param maxLength greatest number of ids for a text, the two special ones included; at least 2
   */
  @SuppressWarnings("resource") // its native memory is wanted to the end
  public Function<String, Tokens> open(int maxLength) {
    return switch (this) {
      case FAST -> new Tokenizer(maxLength)::encode;
      case REFERENCE -> new ReferenceTokenizer(maxLength)::encode;
    };
  }
}
