package swarmformer.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Hugging Face's tokenizer, which {@link Tokenizer} must equal: slow, but by definition right.
 *
 * <p>Safe for use by many threads; holds native memory until closed. It reads a text of any length
 * to its end. A text with an unpaired surrogate loses other characters on the way to native code.
 */
public final class ReferenceTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer reference;

  /**
   * Opens the tokenizer.
   *
   * @param maxLength greatest number of ids for a text, the two special ones included; at least 2
   */
  public ReferenceTokenizer(int maxLength) {
    Map<String, String> options =
        Map.of(
            "truncation",
            "true",
            "maxLength",
            Integer.toString(maxLength),
            "modelMaxLength",
            Integer.toString(maxLength), // 512 if nobody says
            "padding",
            "false");
    try (InputStream json = ReferenceTokenizer.class.getResourceAsStream("tokenizer.json")) {
      reference = HuggingFaceTokenizer.newInstance(json, options);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the vocabulary from the jar", e);
    }
  }

  /** Gives the ids of a text. */
  public Tokens encode(String text) {
    // Ids only: an Encoding object costs ten native calls and an object for each token.
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(reference.getHandle(), text, true);
    try {
      boolean truncated = library.getOverflowCount(encoding) > 0;
      return new Tokens(toInts(library.getTokenIds(encoding)), truncated);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  @Override
  public void close() {
    reference.close();
  }

  private static int[] toInts(long[] values) {
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) values[i];
    }
    return ints;
  }
}
