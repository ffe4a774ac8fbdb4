package swarmformer.tokens;

import java.util.Locale;

/**
 * BERT uncased WordPiece: {@code [CLS] text [SEP]}, cut to a greatest length.
 *
 * <p>Gives the same ids as {@link ReferenceTokenizer}, in one pass over the characters that stops
 * once there are more ids than fit, unless the end is read. The vocabulary of {@value
 * #VOCABULARY_SIZE} entries lies in the jar. Safe for use by many threads.
 */
public final class Tokenizer {
  /** Stands for a word that has no pieces in the vocabulary. */
  public static final int UNKNOWN = SpecialToken.UNKNOWN.id();

  /** Stands for a token that is to be guessed. */
  public static final int MASK = SpecialToken.MASK.id();

  /** Ids run from 0 to one less than this. */
  public static final int VOCABULARY_SIZE = 30_522;

  /** What a text without any token of its own gives: {@code [CLS] [SEP]}. */
  private static final int SPECIAL_TOKENS = 2;

  private static final Vocabulary VOCABULARY = Vocabulary.load(VOCABULARY_SIZE);
  private static final Characters CHARACTERS = Characters.load();

  private final int maxLength;
  private final TruncationSide truncationSide;

  /**
   * Makes a tokenizer.
   *
   * @param maxLength greatest number of ids for a text, the two special ones included; at least 2
   * @param truncationSide the end of a text that is cut off if it has more
   */
  public Tokenizer(int maxLength, TruncationSide truncationSide) {
    if (maxLength < SPECIAL_TOKENS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot truncate texts to %d ids: [CLS] and [SEP] are always there, so give at least %d.",
              maxLength,
              SPECIAL_TOKENS));
    }
    this.maxLength = maxLength;
    this.truncationSide = truncationSide;
  }

  /** Whether a token is no part of a word, but stands for something else. */
  public static boolean isSpecial(int id) {
    return SpecialToken.ALL.stream().anyMatch(token -> token.id() == id);
  }

  /** Gives the ids of a text. Unpaired surrogates count as U+FFFD. */
  public Tokens encode(String text) {
    Ids ids = new Ids(VOCABULARY, maxLength, truncationSide, text.length());
    for (int at = 0; at < text.length() && !ids.full(); ) {
      char unit = text.charAt(at);
      int effect = CHARACTERS.effect(unit);
      if (effect < Characters.REMOVED) {
        ids.letter(effect);
        at++;
      } else {
        at += addOther(text, at, effect, ids);
      }
    }
    return ids.finish();
  }

  /** Whether ids hold nothing but the special tokens that every text has. */
  public static boolean isEmpty(int[] ids) {
    return ids.length <= SPECIAL_TOKENS;
  }

  /** Adds what is no mere letter and gives how many code units it takes. */
  private static int addOther(String text, int at, int effect, Ids ids) {
    if (effect == Characters.SPACE) {
      ids.endWord();
    } else if (effect == Characters.SURROGATE) {
      return addPair(text, at, ids);
    } else if (effect == (Characters.ALONE | '[')) {
      return addBracket(text, at, ids);
    } else {
      add(effect, ids);
    }
    return 1;
  }

  private static int addPair(String text, int at, Ids ids) {
    int point = text.codePointAt(at);
    boolean paired = point > Character.MAX_VALUE;
    add(CHARACTERS.effect(paired ? point : Characters.REPLACEMENT), ids);
    return paired ? 2 : 1;
  }

  private static int addBracket(String text, int at, Ids ids) {
    for (SpecialToken token : SpecialToken.ALL) {
      if (text.startsWith(token.content(), at)) {
        ids.special(token.id());
        return token.content().length();
      }
    }
    ids.alone('[');
    return 1;
  }

  private static void add(int effect, Ids ids) {
    if (effect == Characters.SPACE) {
      ids.endWord();
    } else if ((effect & Characters.ALONE) != 0) {
      ids.alone(effect & ~Characters.ALONE);
    } else if ((effect & Characters.SEVERAL) != 0) {
      for (int letter : CHARACTERS.letters(effect)) {
        ids.letter(letter);
      }
    } else if (effect != Characters.REMOVED) {
      ids.letter(effect);
    }
  }
}
