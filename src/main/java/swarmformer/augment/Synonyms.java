package swarmformer.augment;

import java.util.List;
import java.util.Optional;

/** Words that may stand for a word. Safe for use by many threads. */
interface Synonyms {
  /**
   * Words that mean about the same in the same form; none for a word that is better left alone.
   *
   * @param word in lower case
   */
  List<String> of(String word);

  /** Those of WordNet, if it is on the class path. */
  static Optional<Synonyms> find() {
    return OnClassPath.FOUND;
  }

  /** Opened once: reading all words takes seconds. */
  final class OnClassPath {
    private static final Optional<Synonyms> FOUND = open();

    private OnClassPath() {}

    private static Optional<Synonyms> open() {
      try {
        return WordNet.open();
      } catch (NoClassDefFoundError e) {
        return Optional.empty(); // no library that reads it
      }
    }
  }
}
