package swarmformer.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WordsTest {
  private static final Synonyms WORDNET = Synonyms.find().orElseThrow();

  /** All that a text becomes if all its words that can be are replaced. */
  private static Set<String> all(String text) {
    Set<String> variants = new HashSet<>();
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      variants.add(Words.replaced(text, 1, WORDNET, random));
    }
    return variants;
  }

  @ParameterizedTest
  @CsvSource({
    "movie,film|picture", // a noun
    "commence,begin|start|get", // a verb, but for stop words
    "awful,terrible|dreadful|unspeakable", // an adjective
    "quickly,rapidly|speedily|promptly|quick", // an adverb
  })
  void findsWordsOfUsualSenses(String word, String synonyms) {
    assertThat(WORDNET.of(word))
        .isSubsetOf(synonyms.split("\\|"))
        .contains(synonyms.split("\\|")[0])
        .doesNotContain(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not",
        "no",
        "never",
        "nothing",
        "without",
        "hardly",
        "the",
        "can",
        "will", // fixed
        "movies",
        "saw",
        "felt",
        "better",
        "going",
        "children", // forms of others
        "brad",
        "xqzw",
        "of",
        "a",
        "br" // none
      })
  void leavesAloneWhatASynonymWouldSpoil(String word) {
    assertThat(WORDNET.of(word)).isEmpty();
    assertThat(all("it was " + word)).containsExactly("it was " + word);
  }

  @Test
  void keepsCapitals() {
    assertThat(all("movie Movie. MOVIE")).isSubsetOf(variants("%s Movie. %s"));
    assertThat(all("Movie, they said"))
        .containsExactlyInAnyOrder("Film, they said", "Picture, they said");
  }

  private static Set<String> variants(String form) {
    return Set.of(
        form.formatted("film", "FILM"),
        form.formatted("film", "PICTURE"),
        form.formatted("picture", "FILM"),
        form.formatted("picture", "PICTURE"));
  }

  @ParameterizedTest
  @CsvSource({
    "I like the Movie, true",
    "I like it. (Movie?), false",
    "Well! \"Movie\", false",
    "'It is so.<br /><br />Movie', false",
    "'He said, Movie', true"
  })
  void takesCapitalsInsideASentenceForNames(String text, boolean stays) {
    assertThat(all(text).stream().allMatch(variant -> variant.contains("Movie"))).isEqualTo(stays);
  }

  @Test
  void replacesNoPartsOfWords() {
    String text = "movie-like movie's moviegoer émovie 3movies $movie_ movie1";
    String kept = "movie-like movie's moviegoer émovie 3movies ";
    assertThat(all(text)).allMatch(variant -> variant.startsWith(kept));
  }

  @Test
  void replacesTheShareOfAllWords() {
    String text = "the movie and the story and the idea and the actor";
    Random random = new Random(2);
    int replaced = 0;
    for (int i = 0; i < 1_000; i++) {
      String variant = Words.replaced(text, 0.15, WORDNET, random);
      replaced += differences(text.split(" "), variant.split(" "));
    }
    assertThat(replaced / 1_000.0).isBetween(1.58, 1.72); // 11 words x 0.15, 4.5 deviations
  }

  private static int differences(String[] words, String[] others) {
    assertThat(others).hasSameSizeAs(words);
    int differences = 0;
    for (int i = 0; i < words.length; i++) {
      differences += words[i].equals(others[i]) ? 0 : 1;
    }
    return differences;
  }
}
