package swarmformer.augment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces words of a text. */
final class Words {
  /** Letters, with what may stand between them: "don't" and "well-made" are one word each. */
  private static final Pattern WORD = Pattern.compile("\\p{L}+(?:['’-]\\p{L}+)*");

  private static final Pattern ENGLISH = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+");
  private static final String ENDS_OF_SENTENCES = ".!?>:";

  private Words() {}

  /**
   * The text with a share of its words replaced, as far as they have synonyms.
   *
   * @param share of all words, from 0 to 1
   */
  static String replaced(String text, double share, Synonyms synonyms, Random random) {
    List<MatchResult> words = new ArrayList<>(WORD.matcher(text).results().toList());
    int wanted = (int) (words.size() * share + random.nextDouble());
    Collections.shuffle(words, random);
    Map<Integer, String> replacements = new HashMap<>();
    for (MatchResult word : words) {
      if (replacements.size() == wanted) {
        break;
      }
      List<String> choice = synonyms(word, text, synonyms);
      if (!choice.isEmpty()) {
        String synonym = choice.get(random.nextInt(choice.size()));
        replacements.put(word.start(), inTheCaseOf(word.group(), synonym));
      }
    }
    return WORD.matcher(text)
        .replaceAll(
            word ->
                Matcher.quoteReplacement(replacements.getOrDefault(word.start(), word.group())));
  }

  private static List<String> synonyms(MatchResult word, String text, Synonyms synonyms) {
    return ENGLISH.matcher(word.group()).matches() && !isName(word, text)
        ? synonyms.of(word.group().toLowerCase(Locale.ROOT))
        : List.of();
  }

  /** Whether a word has a capital though no sentence begins with it. */
  private static boolean isName(MatchResult word, String text) {
    if (!isCapitalised(word.group()) || isUpperCase(word.group())) {
      return false;
    }
    int before = word.start() - 1;
    while (before >= 0 && !isPartOfSentence(text.charAt(before))) {
      before--;
    }
    return before >= 0 && ENDS_OF_SENTENCES.indexOf(text.charAt(before)) < 0;
  }

  private static boolean isPartOfSentence(char character) {
    return !Character.isWhitespace(character) && "\"'“‘(*".indexOf(character) < 0;
  }

  private static String inTheCaseOf(String word, String synonym) {
    if (isUpperCase(word)) {
      return synonym.toUpperCase(Locale.ROOT);
    }
    return isCapitalised(word)
        ? Character.toUpperCase(synonym.charAt(0)) + synonym.substring(1)
        : synonym;
  }

  private static boolean isCapitalised(String word) {
    return Character.isUpperCase(word.charAt(0));
  }

  private static boolean isUpperCase(String word) {
    return word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT));
  }
}
