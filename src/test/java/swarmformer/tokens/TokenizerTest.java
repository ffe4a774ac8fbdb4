package swarmformer.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;

final class TokenizerTest {
  private static Tokens encode(String text, int maxLength) {
    return new Tokenizer(maxLength, TruncationSide.RIGHT).encode(text);
  }

  /**
   * As published with bert-base-uncased: its vocab.txt has an entry a line, in the order of ids.
   */
  @Test
  void hasTheVocabularyThatWasPublished() throws Exception {
    byte[] text = Vocabulary.class.getResourceAsStream("tokenizer.json").readAllBytes();
    JsonNode json =
        new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).readTree(text);
    String[] entries = new String[Tokenizer.VOCABULARY_SIZE];
    json.at("/model/vocab")
        .properties()
        .forEach(entry -> entries[entry.getValue().intValue()] = entry.getKey());
    String file = String.join("\n", entries) + "\n";
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(file.getBytes(UTF_8));
    assertThat(HexFormat.of().formatHex(hash))
        .isEqualTo("07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3");
    assertThat(encode("Don't worry: such worries pass.", 16).ids())
        .isEqualTo(new int[] {101, 2123, 1005, 1056, 4737, 1024, 2107, 15508, 3413, 1012, 102});
  }

  @Test
  void givesTheReferencesIdsOfHardTexts() {
    assertReferenceIds(Golden.file("tokens.jsonl"), 670);
  }

  @Test
  void givesTheReferencesIdsOfReviews() {
    assertReferenceIds(Golden.external("tokens-imdb.jsonl"), 500);
  }

  private static void assertReferenceIds(Path file, int texts) {
    assertThat(Golden.lines(file)).hasSize(texts);
    for (JsonNode line : Golden.lines(file)) {
      String text = line.get("text").asText();
      assertThat(encode(text, line.get("max_length").asInt()).ids())
          .as(text)
          .isEqualTo(Golden.ids(line.get("ids")));
    }
  }

  @Test
  void tellsTruncatedTexts() {
    assertThat(encode("one two three", 5)).returns(false, Tokens::truncated);
    assertThat(encode("one two three four", 5)).returns(true, Tokens::truncated);
  }

  @Test
  void readsTheEndIfTheBeginningIsCutOff() {
    int[] whole = encode("one two three four five", 16).ids();
    Tokens end = new Tokenizer(5, TruncationSide.LEFT).encode("one two three four five");
    assertThat(end.truncated()).isTrue();
    assertThat(end.ids()).containsExactly(101, whole[3], whole[4], whole[5], 102);
    Tokens fits = new Tokenizer(7, TruncationSide.LEFT).encode("one two three four five");
    assertThat(fits.truncated()).isFalse();
    assertThat(fits.ids()).isEqualTo(whole);
    Tokens none = new Tokenizer(2, TruncationSide.LEFT).encode("one ".repeat(1_000));
    assertThat(none.truncated()).isTrue();
    assertThat(none.ids()).containsExactly(101, 102);
  }

  /** Each word is another, so that none can be lost or change places unseen. */
  @Test
  void readsTheEndOfALongText() {
    String text = IntStream.range(0, 300_000).mapToObj(i -> "w" + i).collect(joining(" "));
    int[] whole = encode(text, Integer.MAX_VALUE / 4).ids();
    for (int length : new int[] {3, 64, 257}) {
      int[] expected = Arrays.copyOfRange(whole, whole.length - length, whole.length);
      expected[0] = whole[0];
      assertThat(new Tokenizer(length, TruncationSide.LEFT).encode(text).ids()).isEqualTo(expected);
    }
  }

  @Test
  void aSpecialTokenEndsTheWordBeforeIt() {
    Tokenizer tokenizer = new Tokenizer(16, TruncationSide.RIGHT);
    assertThat(tokenizer.encode("film[SEP]good[MASK]").ids())
        .isEqualTo(tokenizer.encode("film [SEP] good [MASK]").ids())
        .hasSize(6)
        .contains(102, 103);
  }

  @Test
  void knowsTheSpecialTokens() {
    assertThat(IntStream.range(0, Tokenizer.VOCABULARY_SIZE).filter(Tokenizer::isSpecial))
        .containsExactly(0, 100, 101, 102, 103);
  }

  @Test
  void textsWithoutTokensAreEmpty() {
    assertThat(Tokenizer.isEmpty(encode(" \n\t\u200b", 8).ids())).isTrue();
    assertThat(Tokenizer.isEmpty(encode("a", 8).ids())).isFalse();
  }

  @Test
  void readsUnpairedSurrogatesAsReplacementCharacters() {
    for (String lone : new String[] {"\ud83d", "\ude00", "\ude00\ud83d", "\ud83d\ud83d"}) {
      for (String around : new String[] {"good %s film", "a%sb", "%s[SEP]%s", "%s\ud83d\ude00%s"}) {
        assertThat(encode(around.replace("%s", lone), 16).ids())
            .as(around)
            .isEqualTo(encode(around.replace("%s", "\ufffd"), 16).ids());
      }
    }
  }

  @Test
  void stopsAtTheGreatestLength() {
    String text = "an unforgettable film ".repeat(1_000_000);
    assertThat(encode(text, 256).ids()).hasSize(256).endsWith(102);
    assertThat(encode(text, 256).truncated()).isTrue();
  }

  @Test
  void readsAWordOfManyMegabytes() {
    assertThat(encode("a".repeat(10_000_000) + "!", 8).ids()).containsExactly(101, 100, 999, 102);
  }

  @Test
  void whatVanishesAfterTheLastTokenIsNotCutOff() {
    assertThat(encode("one two three \u200b\u0301\n", 5)).returns(false, Tokens::truncated);
  }

  @Test
  void givesManyThreadsTheSameIds() {
    Tokenizer tokenizer = new Tokenizer(64, TruncationSide.RIGHT);
    List<String> texts =
        Golden.lines(Golden.file("tokens.jsonl")).stream()
            .map(line -> line.get("text").asText())
            .toList();
    List<int[]> inTurn = texts.stream().map(text -> tokenizer.encode(text).ids()).toList();
    List<int[]> together =
        texts.parallelStream().map(text -> tokenizer.encode(text).ids()).toList();
    assertThat(together).usingRecursiveComparison().isEqualTo(inTurn);
  }

  @Test
  void rejectsLengthsWithoutRoomForTheSpecialTokens() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tokenizer(1, TruncationSide.RIGHT))
        .withMessage(
            "Cannot truncate texts to 1 ids: [CLS] and [SEP] are always there, so give at least 2.");
  }

  @Test
  void readsAWordOfManyMegabytesAsOneUnknownToken() {
    assertThat(encode("a " + "b".repeat(20_000_000) + " c", 256).ids())
        .isEqualTo(encode("a " + "b".repeat(1_000) + " c", 256).ids())
        .hasSize(5);
  }
}
