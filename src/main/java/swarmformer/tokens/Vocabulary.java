package swarmformer.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * The pieces of words and their ids, found by a hash of their letters.
 *
 * <p>A piece that starts a word and one that continues it (written with {@code ##}) differ in the
 * value that their hash starts from. As each step of the hash is one to one, equal letters with
 * equal hashes are then of the same kind.
 */
final class Vocabulary {
  /** The hash of no letters at the start of a word. */
  static final int WORD = 0x3c6ef372;

  /** The hash of no letters within a word. */
  static final int CONTINUED = 0x1b873593;

  /** No such piece. */
  static final int NONE = -1;

  private static final String CONTINUATION = "##";
  private static final int SLOTS = 1 << 16;

  /** Without the cache of names, which is made for names that come again. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /** For each slot the hash (high half) and the id (low half); an empty slot has id -1. */
  private final long[] slots = new long[SLOTS];

  private final int[][] pieces;
  private int longest;

  private Vocabulary(int size) {
    pieces = new int[size][];
    Arrays.fill(slots, NONE);
  }

  /** Reads the vocabulary of the jar, whose ids run from 0 to one less than {@code size}. */
  static Vocabulary load(int size) {
    Vocabulary vocabulary = new Vocabulary(size);
    try (InputStream json = Vocabulary.class.getResourceAsStream("tokenizer.json");
        JsonParser parser = JSON.createParser(json)) {
      skipTo(parser, "model");
      skipTo(parser, "vocab");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        vocabulary.add(parser.currentName(), parser.nextIntValue(NONE));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the vocabulary from the jar", e);
    }
    return vocabulary;
  }

  /** Moves a parser into the object that a field of the present object, or of the next, holds. */
  private static void skipTo(JsonParser parser, String field) throws IOException {
    if (parser.currentToken() == null) {
      parser.nextToken();
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME && !parser.currentName().equals(field)) {
      parser.nextToken();
      parser.skipChildren();
    }
    parser.nextToken();
  }

  /** Greatest number of letters of a piece. */
  int longest() {
    return longest;
  }

  /** The hash of one more letter. */
  static int hash(int before, int letter) {
    return (before ^ letter) * 0x01000193;
  }

  /**
   * The id of the piece that {@code letters} from {@code from} to before {@code to} make, or {@link
   * #NONE}.
   *
   * @param hash the hash of these letters, from {@link #WORD} if they start a word, or from {@link
   *     #CONTINUED}
   */
  int find(int hash, int[] letters, int from, int to) {
    for (int slot = first(hash); ; slot = (slot + 1) % SLOTS) {
      int id = (int) slots[slot];
      if (id == NONE || ((int) (slots[slot] >> 32) == hash && isPiece(id, letters, from, to))) {
        return id;
      }
    }
  }

  private boolean isPiece(int id, int[] letters, int from, int to) {
    int[] piece = pieces[id];
    if (piece.length != to - from) {
      return false;
    }
    for (int i = 0; i < piece.length; i++) { // faster than a method for arrays of any length
      if (piece[i] != letters[from + i]) {
        return false;
      }
    }
    return true;
  }

  private void add(String entry, int id) {
    boolean continued = entry.startsWith(CONTINUATION) && entry.length() > CONTINUATION.length();
    int start = continued ? CONTINUATION.length() : 0;
    pieces[id] = letters(entry, start);
    longest = Math.max(longest, pieces[id].length);
    int hash = continued ? CONTINUED : WORD;
    for (int letter : pieces[id]) {
      hash = hash(hash, letter);
    }
    put(hash, id);
  }

  /** No entry has a letter of two code units, so units and code points are the same. */
  private static int[] letters(String entry, int start) {
    int[] letters = new int[entry.length() - start];
    for (int i = 0; i < letters.length; i++) {
      letters[i] = entry.charAt(start + i);
    }
    return letters;
  }

  private void put(int hash, int id) {
    int slot = first(hash);
    while ((int) slots[slot] != NONE) {
      slot = (slot + 1) % SLOTS;
    }
    slots[slot] = (long) hash << 32 | id;
  }

  private static int first(int hash) {
    return (hash * 0x9E3779B9) >>> 16;
  }
}
