package swarmformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Numbers in text are written alike on every machine: with {@code String.format(Locale.ROOT, ...)}.
 * {@code formatted} takes the digits of the default locale, which are no digits to SQL in Egypt.
 */
class NumbersInTextTest {
  private static final String LITERALS = "\"(?:[^\"\\\\]++|\\\\.)*+\"";
  private static final Pattern FORMATTED =
      Pattern.compile("((?:%1$s\\s*\\+\\s*)*%1$s)\\s*\\.formatted\\(".formatted(LITERALS));
  private static final Pattern NUMBER = Pattern.compile("%[-,0-9.$+ (#]*[dfegxXt]");
  private static final Pattern LOCALE_MISSING =
      Pattern.compile("(?:String\\.format|printf)\\((?!\\s*Locale\\.)\\s*(" + LITERALS + ")");

  @Test
  void numbersAreWrittenInOneLocale() throws IOException {
    Path sources = Path.of("src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      List<String> found =
          files.filter(file -> file.toString().endsWith(".java")).flatMap(this::offences).toList();
      assertThat(found).isEmpty();
    }
  }

  private Stream<String> offences(Path file) {
    String source;
    try {
      source = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Stream.of(FORMATTED, LOCALE_MISSING)
        .flatMap(pattern -> pattern.matcher(source).results())
        .map(result -> result.group(1))
        .filter(format -> NUMBER.matcher(format).find())
        .map(format -> file + ": " + format);
  }
}
