package swarmformer.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Our tokenizer is the reference. */
final class TokenizerReferenceTest {
  /** How many generated texts to compare. */
  private static final int GENERATED = Integer.getInteger("swarmformer.generated-texts", 100_000);

  /** A file of texts of one's own, each a JSON object with a field {@code text} on its line. */
  private static final String TEXTS = "SWARMFORMER_TEXTS";

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int SEED = 20_261_123;
  private static final int POINTS = 0x110000;

  /** Compares all before it fails: threads may not be in native code when the reference closes. */
  private static void assertEqual(int maxLength, Stream<String> texts) {
    assertEqual(maxLength, TruncationSide.RIGHT, texts);
  }

  private static void assertEqual(int maxLength, TruncationSide side, Stream<String> texts) {
    try (ReferenceTokenizer reference = new ReferenceTokenizer(maxLength, side)) {
      Tokenizer ours = new Tokenizer(maxLength, side);
      List<String> unequal =
          texts
              .parallel()
              .filter(text -> !equal(reference.encode(text), ours.encode(text)))
              .map(TokenizerReferenceTest::codePoints)
              .toList();
      assertThat(unequal).as("at the greatest length %d", maxLength).isEmpty();
    }
  }

  private static boolean equal(Tokens expected, Tokens actual) {
    return Arrays.equals(expected.ids(), actual.ids())
        && expected.truncated() == actual.truncated();
  }

  private static String codePoints(String text) {
    return text.codePoints().mapToObj("%04X"::formatted).collect(Collectors.joining(" "));
  }

  private static Stream<String> eachPoint(IntFunction<String> text) {
    return IntStream.range(0, POINTS)
        .filter(point -> point < 0xD800 || point > 0xDFFF)
        .mapToObj(text);
  }

  @Test
  void givesTheSameIdsOfEachCodePoint() {
    assertEqual(8, eachPoint(Character::toString));
  }

  @Test
  void givesTheSameIdsOfEachCodePointBetweenLetters() {
    assertEqual(8, eachPoint(point -> "a" + Character.toString(point) + "b"));
  }

  @Test
  void givesTheSameIdsOfGeneratedTexts() {
    int[] lengths = {2, 3, 8, 16, 32, 64, 256};
    int each = GENERATED / lengths.length + 1;
    for (int length : lengths) {
      assertEqual(length, IntStream.range(0, each).mapToObj(i -> generated(length * each + i)));
    }
  }

  @Test
  void givesTheSameIdsOfTheEndOfGeneratedTexts() {
    for (int length : new int[] {2, 3, 8, 32}) {
      assertEqual(
          length,
          TruncationSide.LEFT,
          IntStream.range(0, GENERATED / 20).mapToObj(TokenizerReferenceTest::generated));
    }
  }

  private static String generated(int number) {
    return new GeneratedText(new SplittableRandom(SEED + number)).next();
  }

  @Test
  void givesTheSameIdsOfWordsAroundTheLongest() {
    Stream<String> words =
        Stream.of("a", "A\u0301", "\uac01", "\ufb01", "\ud835\udc00", "\u2260", "ing")
            .flatMap(part -> IntStream.range(30, 110).mapToObj(n -> "b" + part.repeat(n) + "c d"));
    assertEqual(256, words);
  }

  @Test
  void givesTheSameIdsInTurkish() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr-TR"));
    try {
      assertEqual(32, Stream.of("I AM IN \u0130STANBUL", "\u0131I\u0130i", "TITANIC [CLS] [MASK]"));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void givesTheSameIdsOfGivenTexts() throws IOException {
    assumeTrue(System.getenv(TEXTS) != null, "needs a file of texts in " + TEXTS);
    for (int length : new int[] {256, 768}) {
      for (TruncationSide side : TruncationSide.values()) {
        try (Stream<String> lines =
            Files.lines(Path.of(System.getenv(TEXTS)), StandardCharsets.UTF_8)) {
          assertEqual(length, side, lines.map(TokenizerReferenceTest::text));
        }
      }
    }
  }

  private static String text(String line) {
    try {
      return JSON.readTree(line).get("text").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
