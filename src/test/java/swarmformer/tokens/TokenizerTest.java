package swarmformer.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;

final class TokenizerTest {
  private static final Map<Integer, Tokenizer> BY_LENGTH = new HashMap<>();

  @AfterAll
  static void close() {
    BY_LENGTH.values().forEach(Tokenizer::close);
  }

  private static Tokens encode(String text, int maxLength) {
    return BY_LENGTH.computeIfAbsent(maxLength, Tokenizer::new).encode(text);
  }

  @Test
  void givesTheReferencesIdsOfHardTexts() {
    assertReferenceIds(Golden.file("tokens.jsonl"), 670);
  }

  @Test
  void givesTheReferencesIdsOfReviews() {
    assumeTrue(Golden.external("tokens-imdb.jsonl").isPresent(), "needs the external golden data");
    assertReferenceIds(Golden.external("tokens-imdb.jsonl").get(), 500);
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
  void textsWithoutTokensAreEmpty() {
    assertThat(Tokenizer.isEmpty(encode(" \n\t\u200b", 8).ids())).isTrue();
    assertThat(Tokenizer.isEmpty(encode("a", 8).ids())).isFalse();
  }

  @Test
  void readsUnpairedSurrogatesAsReplacementCharacters() {
    assertThat(encode("good \ud83d film \ude00 \ud83d\ude00", 16).ids())
        .isEqualTo(encode("good \ufffd film \ufffd \ud83d\ude00", 16).ids());
  }

  @Test
  void startOfALongTextHasItsFirstIds() {
    try (Tokenizer whole = new Tokenizer(100_000)) {
      for (JsonNode line : Golden.lines(Golden.file("tokens.jsonl"))) {
        String repeated = (line.get("text").asText() + " ").repeat(30);
        int[] all = whole.encode(repeated).ids();
        int[] start = encode(repeated, 24).ids();
        assertThat(start).startsWith(Arrays.copyOf(all, start.length - 1));
        assertThat(start.length).isEqualTo(Math.min(all.length, 24));
      }
    }
  }

  @Test
  void startOfATextWithoutSpacesHasItsFirstIds() {
    try (Tokenizer whole = new Tokenizer(100_000)) {
      for (String unit :
          List.of("!", "a,", "[MASK]", "x[SEP]!", "a\n", "\u0436\t", "=\u0338", "\u597d\ufe0f")) {
        String repeated = unit.repeat(100);
        int[] all = whole.encode(repeated).ids();
        int[] start = encode(repeated, 24).ids();
        assertThat(start).as(unit).startsWith(Arrays.copyOf(all, start.length - 1));
        assertThat(start.length).as(unit).isEqualTo(Math.min(all.length, 24));
      }
    }
  }

  @Test
  void readsATextOfManyMegabytes() {
    String text = "an unforgettable film ".repeat(1_000_000);
    assertThat(encode(text, 256).ids()).hasSize(256);
  }

  @Test
  void readsAWordOfManyMegabytesAsOneUnknownToken() {
    assertThat(encode("a " + "b".repeat(20_000_000) + " c", 256).ids())
        .isEqualTo(encode("a " + "b".repeat(1_000) + " c", 256).ids())
        .hasSize(5);
  }
}
