package swarmformer.tokens;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the reference's normaliser and word splitter make of each code point.
 *
 * <p>Read from a table in the jar rather than asked of the JDK, whose Unicode is another in each
 * version. Neighbours never matter, but for canonical ordering, which moves no character that is in
 * the vocabulary.
 *
 * <p>An effect is a number: the letter that takes the code point's place, or one of these marks.
 */
final class Characters {
  /** The code point vanishes. */
  static final int REMOVED = 0x1_000000;

  /** The code point ends a word. */
  static final int SPACE = 0x2_000000;

  /** Set where the letter is a word by itself. */
  static final int ALONE = 0x4_000000;

  /** Set where several letters take the code point's place: the rest is a place in the list. */
  static final int SEVERAL = 0x8_000000;

  /** The code unit is half of a pair, or should be. */
  static final int SURROGATE = 0x10_000000;

  /** Removed by the reference, and what a surrogate without its other half counts as. */
  static final int REPLACEMENT = 0xFFFD;

  private static final int POINTS = 0x110000;
  private static final int PAGE_BITS = 8;
  private static final int PAGE = 1 << PAGE_BITS;

  private final int[][] pages = new int[POINTS >> PAGE_BITS][];
  private final int[] ascii;
  private final List<int[]> several = new ArrayList<>();

  private Characters() {
    readTable();
    addHangul();
    fill(0xD800, 0xDFFF, SURROGATE);
    ascii = Arrays.copyOf(pages[0], 0x80);
  }

  /** Reads the table of the jar. */
  static Characters load() {
    return new Characters();
  }

  /** The effect of a code point. */
  int effect(int point) {
    int[] page = pages[point >> PAGE_BITS];
    return page == null ? point : page[point & (PAGE - 1)];
  }

  /** The effect of a UTF-16 code unit. */
  int effect(char unit) {
    return unit < 0x80 ? ascii[unit] : effect((int) unit);
  }

  /** The letters that an effect with the mark {@link #SEVERAL} stands for. */
  int[] letters(int effect) {
    return several.get(effect & ~SEVERAL);
  }

  private void readTable() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Characters.class.getResourceAsStream("characters.txt"), StandardCharsets.UTF_8))) {
      lines.lines().filter(line -> !line.startsWith("#")).forEach(this::readLine);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the table of characters from the jar", e);
    }
  }

  private void readLine(String line) {
    String[] words = line.split(" ");
    int dash = words[0].indexOf('-');
    int first = hex(dash < 0 ? words[0] : words[0].substring(0, dash));
    int last = dash < 0 ? first : hex(words[0].substring(dash + 1));
    switch (words[1]) {
      case "removed" -> fill(first, last, REMOVED);
      case "space" -> fill(first, last, SPACE);
      case "alone" -> fillAlone(first, last);
      default -> fill(first, last, replacement(words));
    }
  }

  private int replacement(String[] words) {
    if (words.length == 2) {
      return hex(words[1]);
    }
    if (words[2].equals("alone")) {
      return hex(words[1]) | ALONE;
    }
    return several(Arrays.stream(words).skip(1).mapToInt(Characters::hex).toArray());
  }

  private int several(int... letters) {
    several.add(letters);
    return several.size() - 1 | SEVERAL;
  }

  private static int hex(String digits) {
    return Integer.parseInt(digits, 16);
  }

  private void fill(int first, int last, int effect) {
    for (int point = first; point <= last; point++) {
      set(point, effect);
    }
  }

  private void fillAlone(int first, int last) {
    for (int point = first; point <= last; point++) {
      set(point, point | ALONE);
    }
  }

  private void set(int point, int effect) {
    int number = point >> PAGE_BITS;
    if (pages[number] == null) {
      pages[number] = new int[PAGE];
      Arrays.setAll(pages[number], offset -> (number << PAGE_BITS) + offset);
    }
    pages[number][point & (PAGE - 1)] = effect;
  }

  /** Decomposes the syllables by the arithmetic of the Unicode standard, section 3.12. */
  private void addHangul() {
    for (int syllable = 0; syllable < 19 * 21 * 28; syllable++) {
      int lead = 0x1100 + syllable / (21 * 28);
      int vowel = 0x1161 + syllable / 28 % 21;
      int trail = 0x11A7 + syllable % 28;
      set(0xAC00 + syllable, trail == 0x11A7 ? several(lead, vowel) : several(lead, vowel, trail));
    }
  }
}
