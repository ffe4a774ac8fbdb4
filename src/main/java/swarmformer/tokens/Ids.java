package swarmformer.tokens;

import java.util.Arrays;

/** The ids of one text as its letters arrive; for one thread. */
final class Ids {
  private static final int UNKNOWN = SpecialToken.UNKNOWN.id();

  /** A longer word is unknown as a whole. */
  private static final int LONGEST_WORD = 100;

  private final Vocabulary vocabulary;

  /** Greatest number of ids before the last. */
  private final int limit;

  private final boolean endIsRead;

  /** One letter more than a known word has tells that a word is too long. */
  private final int[] word = new int[LONGEST_WORD + 1];

  private int letters;
  private int hash = Vocabulary.WORD;

  private int[] ids;
  private int count;

  /** Hashes of the prefixes of what is left of a word; only words of several pieces need them. */
  private int[] hashes;

  Ids(Vocabulary vocabulary, int maxLength, TruncationSide truncationSide, int textLength) {
    this.vocabulary = vocabulary;
    this.limit = maxLength - 1;
    this.endIsRead = truncationSide == TruncationSide.LEFT;
    // English has 4 to 5 characters for each id.
    this.ids = new int[Math.min(maxLength, textLength / 4) + LONGEST_WORD + 1];
    this.ids[count++] = SpecialToken.START.id();
  }

  /** Whether what follows changes nothing. */
  boolean full() {
    return !endIsRead && truncated();
  }

  private boolean truncated() {
    return count > limit;
  }

  /** Adds a letter to the word. */
  void letter(int letter) {
    if (letters <= LONGEST_WORD) {
      word[letters++] = letter;
      hash = Vocabulary.hash(hash, letter);
    }
  }

  /** Adds a word of one letter. */
  void alone(int letter) {
    endWord();
    letter(letter);
    endWord();
  }

  /** Adds a special token of the text. */
  void special(int id) {
    endWord();
    reserve(1);
    ids[count++] = id;
  }

  /** Ends the word, if there is one. */
  void endWord() {
    if (letters > 0) {
      reserve(letters);
      addWord();
      letters = 0;
      hash = Vocabulary.WORD;
    }
  }

  /** Ends the text. */
  Tokens finish() {
    endWord();
    boolean truncated = truncated();
    if (truncated && endIsRead) {
      keepLast(limit - 1);
    }
    int kept = Math.min(count, limit);
    int[] result = Arrays.copyOf(ids, kept + 1);
    result[kept] = SpecialToken.END.id();
    return new Tokens(result, truncated);
  }

  private void addWord() {
    int id = letters > LONGEST_WORD ? UNKNOWN : vocabulary.find(hash, word, 0, letters);
    if (id != Vocabulary.NONE) {
      ids[count++] = id;
    } else {
      addPieces();
    }
  }

  /** Adds the longest piece, then the longest of what is left, and so on; or one unknown word. */
  private void addPieces() {
    int before = count;
    for (int from = 0; from < letters; ) {
      int to = endOfPiece(from);
      if (to == from) {
        count = before;
        ids[count++] = UNKNOWN;
        return;
      }
      from = to;
    }
  }

  /** Adds the longest piece from a letter on and gives its end; its start if there is none. */
  private int endOfPiece(int from) {
    int end = Math.min(letters, from + vocabulary.longest());
    hashPrefixes(from, end);
    for (int to = end; to > from; to--) {
      int id = vocabulary.find(hashes[to], word, from, to);
      if (id != Vocabulary.NONE) {
        ids[count++] = id;
        return to;
      }
    }
    return from;
  }

  private void hashPrefixes(int from, int end) {
    if (hashes == null) {
      hashes = new int[LONGEST_WORD + 1];
    }
    int next = from == 0 ? Vocabulary.WORD : Vocabulary.CONTINUED;
    for (int i = from; i < end; i++) {
      next = Vocabulary.hash(next, word[i]);
      hashes[i + 1] = next;
    }
  }

  /** Forgets all ids but the first and the last ones. */
  private void keepLast(int kept) {
    System.arraycopy(ids, count - kept, ids, 1, kept);
    count = 1 + kept;
  }

  private void reserve(int more) {
    if (count + more < ids.length) {
      return;
    }
    if (endIsRead && count > 2L * limit) {
      keepLast(limit); // one more than fit, which tells that there were more
    }
    if (count + more >= ids.length) {
      ids = Arrays.copyOf(ids, count + more + ids.length);
    }
  }
}
