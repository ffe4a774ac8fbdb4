package swarmformer.augment;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import net.sf.extjwnl.JWNLException;
import net.sf.extjwnl.data.POS;
import net.sf.extjwnl.data.Synset;
import net.sf.extjwnl.data.Word;
import net.sf.extjwnl.dictionary.Dictionary;

/**
 * Synonyms from WordNet: nouns, verbs, adjectives and adverbs. Each word is looked up once.
 *
 * <p>What a word means in its sentence is not known, so it is taken in its most usual senses, and
 * words are left alone that have a form such as a plural, which a synonym would have to share.
 */
final class WordNet implements Synonyms {
  /** Names, abbreviations and pairs of words are no synonyms. */
  private static final Pattern PLAIN = Pattern.compile("[a-z]{3,}");

  private final Dictionary dictionary;

  /** All single words: to search its files for one that is not there takes most of the time. */
  private final Map<POS, Set<String>> words = new EnumMap<>(POS.class);

  private final Map<String, List<String>> known = new ConcurrentHashMap<>();

  private WordNet(Dictionary dictionary) throws JWNLException {
    this.dictionary = dictionary;
    for (POS kind : POS.values()) {
      Set<String> ofKind = new HashSet<>();
      dictionary.getIndexWordIterator(kind).forEachRemaining(word -> ofKind.add(word.getLemma()));
      ofKind.removeIf(word -> !isPlain(word));
      words.put(kind, ofKind);
    }
  }

  /** WordNet as the class path has it. */
  static Optional<Synonyms> open() {
    try {
      return Optional.of(new WordNet(Dictionary.getDefaultResourceInstance()));
    } catch (JWNLException | IllegalArgumentException e) {
      return Optional.empty(); // the library without WordNet's files
    }
  }

  @Override
  public List<String> of(String word) {
    return known.computeIfAbsent(word, this::lookUp);
  }

  /** One at a time, which costs little: it happens once a word. */
  private synchronized List<String> lookUp(String word) {
    List<Synset> senses = usualSenses(word);
    return senses.isEmpty() || isForm(word) ? List.of() : others(word, senses);
  }

  /** The other words of senses, but for rare ones: those that a corpus never has in that sense. */
  private static List<String> others(String word, List<Synset> senses) {
    return senses.stream()
        .flatMap(sense -> sense.getWords().stream())
        .filter(other -> other.getUseCount() > 0)
        .map(Word::getLemma)
        .filter(lemma -> isPlain(lemma) && !lemma.equals(word))
        .distinct()
        .toList();
  }

  private static boolean isPlain(String word) {
    return PLAIN.matcher(word).matches() && !StopWords.contains(word);
  }

  /** Whether a word may be a form of another. */
  private boolean isForm(String word) {
    try {
      for (POS kind : POS.values()) {
        List<String> bases = dictionary.getMorphologicalProcessor().lookupAllBaseForms(kind, word);
        if (bases.stream().anyMatch(base -> !base.equals(word))) {
          return true;
        }
      }
      return false;
    } catch (JWNLException e) {
      throw unreadable(e);
    }
  }

  /** Senses in which the word is used at least half as often as in its most usual one. */
  private List<Synset> usualSenses(String word) {
    Map<Synset, Integer> uses = new LinkedHashMap<>();
    for (POS kind : POS.values()) {
      for (Synset sense : senses(kind, word)) {
        uses.put(sense, uses(sense, word));
      }
    }
    int most = uses.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return most == 0
        ? uses.keySet().stream().limit(1).toList()
        : uses.keySet().stream().filter(sense -> 2 * uses.get(sense) >= most).toList();
  }

  private List<Synset> senses(POS kind, String word) {
    try {
      return words.get(kind).contains(word)
          ? dictionary.getIndexWord(kind, word).getSenses()
          : List.of();
    } catch (JWNLException e) {
      throw unreadable(e);
    }
  }

  /** How often a corpus with marked senses has the word in this one. */
  private static int uses(Synset sense, String word) {
    return sense.getWords().stream()
        .filter(each -> each.getLemma().equals(word))
        .mapToInt(Word::getUseCount)
        .sum();
  }

  private static IllegalStateException unreadable(JWNLException failure) {
    return new IllegalStateException("WordNet's files on the class path are damaged", failure);
  }
}
