package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvQuotesTest {
  private static final Map<String, String> USUAL = Map.of("sep", ",", "escape", "\"");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,a\n2,\"never closed\n3,b\n",
        "1,a\n2,\"never closed\n",
        "1,a\r\n2,\"never closed\r\n3,b\r\n",
        "1,a\r2,\"never closed\r3,b\r",
        "1,a\n2,\"never closed\n3,\"closed\"\n4,b\n",
        "1,a\n2,\"never closed\n3,\"never closed\n4,b\n",
        "\"1\",\"a\"\n\"2\",\"never closed\n\"3\",\"b\"\n",
        "\"\",\"\"\"\"\n2,\"a \"\"quoted\"\" word\n",
        "1,a\n\"",
        "1,a\n2,\"never closed\n3,with \"quotes\" in it\n4,b\n",
        "1,a\n2,\"never closed\n3,with \"quotes\"",
      })
  void findsAQuoteThatIsNeverClosed(String content) throws IOException {
    assertThat(unclosed(content, USUAL)).hasValue(2L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1,a\n2,\"two\nlines\"\n\"3\",\"\"\n",
        "1,\"\"\"two\n\"\"lines\"\"\"\r\n2,b\r\n",
        "1,\"a,\"\"b\n,\"\"\"\n",
        "1,a 5\" phone\n2,a\"\n",
        "1,\"closed\"  \n2,\"a\"\t,b\n",
        "1,\"with \"quotes\" in it\"\n2,b\n",
        "1,\"two\nlines with \"quotes\" in them\"\n2,b\n",
        "1,\"closed at the end\"",
      })
  void passesOverOtherQuotes(String content) throws IOException {
    assertThat(unclosed(content, USUAL)).isEmpty();
  }

  @Test
  void heedsTheOptionsOfTheReader() throws IOException {
    String escaped = "1;'a \\'quoted\\' word'\n2;b\n";
    Map<String, String> options = Map.of("sep", ";", "quote", "'", "escape", "\\");
    assertThat(unclosed(escaped, options)).isEmpty();
    assertThat(unclosed("1;'a word\\'\n2;b\n", options)).hasValue(1L);
    assertThat(unclosed("1\t\"a\n", Map.of("sep", "\\t", "escape", "\""))).hasValue(1L);
  }

  @Test
  void looksForNoQuotesWhereTheReaderDoesNot() {
    assertThat(CsvQuotes.of(Map.of("sep", ",", "escape", "\"", "quote", ""))).isEmpty();
    assertThat(CsvQuotes.of(Map.of("sep", "||", "escape", "\""))).isEmpty();
    assertThat(CsvQuotes.of(Map.of("sep", ",", "escape", "\"", "encoding", "UTF-16LE"))).isEmpty();
  }

  private static Optional<Long> unclosed(String content, Map<String, String> options)
      throws IOException {
    return CsvQuotes.of(options)
        .orElseThrow()
        .unclosed(
            new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)),
            new CsvEscapes((byte) ',', (byte) '"'));
  }
}
