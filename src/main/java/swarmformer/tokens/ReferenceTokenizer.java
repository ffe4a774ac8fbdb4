package swarmformer.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;

/**
 * Hugging Face's tokenizer, which {@link Tokenizer} must equal: slow, but by definition right.
 *
 * <p>Safe for use by many threads; holds native memory until closed. It reads a text of any length
 * to its end. It cannot cut the beginning off, so that is done here. A text with an unpaired
 * surrogate loses other characters on the way to native code.
 */
public final class ReferenceTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer reference;
  private final int maxLength;
  private final TruncationSide truncationSide;

  /**
   * Opens the tokenizer.
   *
   * @param maxLength greatest number of ids for a text, the two special ones included; at least 2
   * @param truncationSide the end of a text that is cut off if it has more
   * @throws swarmformer.errors.DeviceException if its native library cannot be unpacked
   */
  public ReferenceTokenizer(int maxLength, TruncationSide truncationSide) {
    this.maxLength = maxLength;
    this.truncationSide = truncationSide;
    Map<String, String> options =
        Map.of(
            "truncation",
            Boolean.toString(truncationSide == TruncationSide.RIGHT),
            "maxLength",
            Integer.toString(maxLength),
            "modelMaxLength",
            Integer.toString(maxLength), // 512 if nobody says
            "padding",
            "false");
    ReferenceLibrary.unpack(System.getenv());
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
      int[] ids = toInts(library.getTokenIds(encoding));
      return truncationSide == TruncationSide.RIGHT
          ? new Tokens(ids, library.getOverflowCount(encoding) > 0)
          : end(ids);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  private Tokens end(int[] ids) {
    int cut = Math.max(0, ids.length - maxLength);
    int[] end = Arrays.copyOfRange(ids, cut, ids.length);
    end[0] = ids[0];
    return new Tokens(end, cut > 0);
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
