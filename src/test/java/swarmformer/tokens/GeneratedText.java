package swarmformer.tokens;

import java.util.List;
import java.util.SplittableRandom;

/** Texts that are hard on a tokenizer, the same for the same random numbers. */
final class GeneratedText {
  private static final List<String> FRAGMENTS =
      List.of(
          "[CLS]",
          "[SEP]",
          "[PAD]",
          "[UNK]",
          "[MASK]",
          "[mask]",
          "[MA",
          "SK]",
          "[",
          "]",
          "[[CLS]]",
          "[SEP",
          "##",
          "##ing",
          "unaffable",
          "HELLO",
          "Don't",
          "\u0130STANBUL",
          "\u03a3\u03a3",
          "\u039f\u0394\u039f\u03a3",
          "stra\u00dfe",
          "\ufb01sh",
          "\u01c5",
          "\u212b",
          "\u1e9e",
          "e\u0301",
          "\ud55c\uad6d\uc5b4",
          "\u1112\u1161\u11ab",
          "\u0e01\u0e33",
          "\u0915\u094d\u0937",
          "\u09cb",
          "\u09c7\u09be",
          "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
          "\u0645\u064e\u0631\u0652",
          "\u202e",
          "\u200d",
          "\u200b",
          "\ufeff",
          "\u00ad",
          "\u0000",
          "\ufffd",
          "\u034f",
          "\u302e",
          "\u3000",
          "\u2028",
          "\u0085",
          "\u00a0",
          "\u001f",
          "\t",
          "\r\n",
          "\u4e2d\u6587",
          "\uf900",
          "\u2f00",
          "\u3042",
          "\u30ab\u3099",
          "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
          "\ud83c\uddf3\ud83c\uddf1",
          "\u2764\ufe0f",
          "1\ufe0f\u20e3",
          "\ud834\udd5e",
          "\ud840\udc00",
          "\udbff\udffd",
          "\ue000",
          "\u0378",
          "<br />",
          "...");

  private static final String[] WORDS = {
    "the",
    "film",
    "unforgettable",
    "tokenization",
    "xqzj",
    "1999",
    "Spielberg",
    "caf\u00e9",
    "na\u00efve"
  };

  private final SplittableRandom random;

  GeneratedText(SplittableRandom random) {
    this.random = random;
  }

  /** A text of up to some 60 parts. */
  String next() {
    StringBuilder text = new StringBuilder();
    int block = random.nextInt(random.nextBoolean() ? 0x200 : 0x1100) << 8;
    for (int parts = random.nextInt(1 << random.nextInt(1, 7)); parts >= 0; parts--) {
      addPart(text, block);
      text.append(random.nextInt(3) == 0 ? " " : "");
    }
    return text.toString();
  }

  private void addPart(StringBuilder text, int block) {
    switch (random.nextInt(9)) {
      case 0 -> text.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
      case 1 -> text.append(WORDS[random.nextInt(WORDS.length)]);
      case 2 -> text.append((char) random.nextInt(0x80));
      case 3 -> addPoint(text, random.nextInt(0x110000));
      case 4 -> addPoint(text, random.nextInt(0x3400));
      case 5 -> addPoint(text, random.nextInt(0x20000));
      case 6 -> addPoint(text, block + random.nextInt(0x100));
      case 7 -> addMarks(text);
      default -> addLongWord(text);
    }
  }

  private void addMarks(StringBuilder text) {
    text.append((char) ('a' + random.nextInt(26)));
    for (int marks = random.nextInt(4); marks >= 0; marks--) {
      addPoint(text, 0x300 + random.nextInt(0x70));
    }
  }

  /** About a hundred letters, seldom. */
  private void addLongWord(StringBuilder text) {
    if (random.nextInt(8) == 0) {
      String letters =
          List.of("a", "the", "\u00c9", "\uac01", "\ud835\udc00", "\u0301i").get(random.nextInt(6));
      text.append(letters.repeat(random.nextInt(95, 105) / random.nextInt(1, 4)));
    }
  }

  private static void addPoint(StringBuilder text, int point) {
    boolean surrogate = point >= 0xD800 && point <= 0xDFFF;
    text.appendCodePoint(surrogate ? 0xFFFD : point);
  }
}
