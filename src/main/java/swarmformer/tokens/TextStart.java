package swarmformer.tokens;

import java.util.regex.Pattern;

/**
 * The start of a text that certainly holds as many tokens as the model reads, so that a text of
 * many megabytes costs no more than a long one.
 */
final class TextStart {
  /** A text of so many characters is worth a closer look. */
  private static final int LONG = 100_000;

  /** A word of more than 100 characters is one unknown token, however long it is. */
  private static final Pattern LONG_RUN = Pattern.compile("([A-Za-z0-9]{200})[A-Za-z0-9]++");

  /** In Unicode so long that every implementation knows the letters below. */
  private static final char OLD_LETTERS_END = '\u0530';

  private TextStart() {}

  /**
   * Cuts a text between two words once that many tokens have certainly gone by: a word with a
   * letter or digit gives at least one, punctuation one for each character, and no token reaches
   * over such a place. So the first {@code tokens} ids are those of the whole text.
   */
  static String enoughFor(int tokens, String text) {
    String start = cut(tokens, text);
    return wellFormed(start.length() > LONG ? LONG_RUN.matcher(start).replaceAll("$1") : start);
  }

  private static String cut(int tokens, String text) {
    int certain = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alone = isIdeograph(c) || isPunctuation(c);
      if (alone || isSpace(c)) {
        certain += (inWord ? 1 : 0) + (alone ? 1 : 0);
        inWord = false;
        if (certain > tokens) {
          return text.substring(0, i + (alone ? 1 : 0));
        }
      } else {
        inWord |= c < OLD_LETTERS_END && Character.isLetterOrDigit(c);
      }
    }
    return text;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }

  /** ASCII punctuation, but for the brackets: {@code [MASK]} in a text is one token. */
  private static boolean isPunctuation(char c) {
    return "!\"#$%&'()*+,-./:;<=>?@\\^_`{|}~".indexOf(c) >= 0;
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
