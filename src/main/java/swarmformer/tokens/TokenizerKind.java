package swarmformer.tokens;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Which program turns texts into ids. The ids are the same. */
public enum TokenizerKind {
  /** {@link Tokenizer}. */
  FAST,
  /** {@link ReferenceTokenizer}, to compare with. */
  REFERENCE;

  private record Key(TokenizerKind kind, int maxLength, TruncationSide truncationSide) {}

  private static final Map<Key, Function<String, Tokens>> OPENED = new ConcurrentHashMap<>();

  /**
   * Gives the tokenizer of this JVM, which stays open until the JVM ends.
   *
   * @param maxLength greatest number of ids for a text, the two special ones included; at least 2
   * @param truncationSide the end of a text that is cut off if it has more
   */
  public Function<String, Tokens> tokenizer(int maxLength, TruncationSide truncationSide) {
    return OPENED.computeIfAbsent(new Key(this, maxLength, truncationSide), TokenizerKind::open);
  }

  @SuppressWarnings("resource") // its native memory is wanted to the end
  private static Function<String, Tokens> open(Key key) {
    return switch (key.kind()) {
      case FAST -> new Tokenizer(key.maxLength(), key.truncationSide())::encode;
      case REFERENCE -> new ReferenceTokenizer(key.maxLength(), key.truncationSide())::encode;
    };
  }
}
