package swarmformer.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;

final class TokenizerTest {
  private static Tokens encode(String text, int maxLength) {
    return new Tokenizer(maxLength).encode(text);
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
  void readsATextOfManyMegabytes() {
    String text = "an unforgettable film ".repeat(1_000_000);
    assertThat(encode(text, 256).ids()).hasSize(256);
  }
}
