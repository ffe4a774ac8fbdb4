package swarmformer.tokens;

/**
 * The start of a text that certainly holds as many tokens as the model reads, so that a text of
 * many megabytes costs no more than a long one.
 */
final class TextStart {
  private TextStart() {}

  /**
   * Cuts a text at a space once that many words with an ASCII letter or digit have gone by. Such a
   * word gives at least one token, and no token reaches over a space, so the first {@code tokens}
   * ids are those of the whole text.
   */
  static String enoughFor(int tokens, String text) {
    int words = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || isIdeograph(c)) {
        words += inWord || c != ' ' ? 1 : 0;
        inWord = false;
        if (words > tokens) {
          return wellFormed(text.substring(0, i));
        }
      } else {
        inWord |= isAsciiLetterOrDigit(c);
      }
    }
    return wellFormed(text);
  }

  private static boolean isAsciiLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** CJK Unified Ideographs: BERT makes a word of each. */
  private static boolean isIdeograph(char c) {
    return c >= '\u4e00' && c <= '\u9fff';
  }

  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return replaceUnpairedSurrogates(text);
      }
    }
    return text;
  }

  private static String replaceUnpairedSurrogates(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
        .forEach(result::appendCodePoint);
    return result.toString();
  }
}
