package swarmformer.augment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Words that hold a sentence together or turn its meaning round; they are never replaced. */
final class StopWords {
  private static final Set<String> WORDS = read();

  private StopWords() {}

  static boolean contains(String word) {
    return WORDS.contains(word);
  }

  private static Set<String> read() {
    try (InputStream text = StopWords.class.getResourceAsStream("stop-words.txt")) {
      return Set.of(new String(text.readAllBytes(), StandardCharsets.UTF_8).strip().split("\\s+"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the stop words in the jar", e);
    }
  }
}
