package swarmformer.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * BERT uncased WordPiece: {@code [CLS] text [SEP]}, cut to a greatest length.
 *
 * <p>The vocabulary of {@value #VOCABULARY_SIZE} entries lies in the jar. Safe for use by many
 * threads; holds native memory until closed.
 */
public final class Tokenizer implements AutoCloseable {
  /** Ids run from 0 to one less than this. */
  public static final int VOCABULARY_SIZE = 30_522;

  /** What a text without any token of its own gives: {@code [CLS] [SEP]}. */
  private static final int SPECIAL_TOKENS = 2;

  private final HuggingFaceTokenizer reference;
  private final int maxLength;

  /**
   * Opens the tokenizer.
   *
   * @param maxLength greatest number of ids for a text, the two special ones included; at least 2
   */
  public Tokenizer(int maxLength) {
    this.maxLength = maxLength;
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
    try (InputStream json = Tokenizer.class.getResourceAsStream("tokenizer.json")) {
      reference = HuggingFaceTokenizer.newInstance(json, options);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the vocabulary from the jar", e);
    }
  }

  /** Gives the ids of a text. Unpaired surrogates count as U+FFFD. */
  public Tokens encode(String text) {
    // Ids only: an Encoding object costs ten native calls and an object for each token.
    TokenizersLibrary library = TokenizersLibrary.LIB;
    String start = TextStart.enoughFor(maxLength, text);
    long encoding = library.encode(reference.getHandle(), start, true);
    try {
      boolean truncated = library.getOverflowCount(encoding) > 0;
      return new Tokens(toInts(library.getTokenIds(encoding)), truncated);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /** Whether ids hold nothing but the special tokens that every text has. */
  public static boolean isEmpty(int[] ids) {
    return ids.length <= SPECIAL_TOKENS;
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
