package swarmformer.augment;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Parts of a text, and new orders of it, in whole sentences. */
final class Sentences {
  private static final int LARGEST_CHUNK = 3;

  private Sentences() {}

  /** The sentences of a text without the space around them. */
  static List<String> of(String text) {
    BreakIterator ends = BreakIterator.getSentenceInstance(Locale.ENGLISH);
    ends.setText(text);
    List<String> sentences = new ArrayList<>();
    for (int from = ends.first(), to = ends.next(); to != BreakIterator.DONE; to = ends.next()) {
      String sentence = text.substring(from, to).strip();
      if (!sentence.isEmpty()) {
        sentences.add(sentence);
      }
      from = to;
    }
    return sentences;
  }

  /** The text in chunks of one to three sentences, which change places. */
  static String shuffled(String text, Random random) {
    List<String> sentences = of(text);
    List<String> chunks = new ArrayList<>();
    for (int from = 0; from < sentences.size(); ) {
      int to = Math.min(sentences.size(), from + 1 + random.nextInt(LARGEST_CHUNK));
      chunks.add(String.join(" ", sentences.subList(from, to)));
      from = to;
    }
    Collections.shuffle(chunks, random);
    return String.join(" ", chunks);
  }

  /** One of so many parts of a text: sentences in a row from a random place, at least one. */
  static String part(String text, int parts, Random random) {
    List<String> sentences = of(text);
    int size = (sentences.size() + parts - 1) / parts;
    int from = random.nextInt(sentences.size() - size + 1);
    return String.join(" ", sentences.subList(from, from + size));
  }
}
