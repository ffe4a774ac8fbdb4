package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvEscapesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,\"say \\\"no\\\" now\"\n2,b\n",
        "1,\"5\\\" wide\"\n",
        "1,\"\\\"quoted\\\"\"\r\n2,\"\"\r\n",
        "1,\"two\nlines, \\\"a\\\"\"\n",
      })
  void knowsBackslashes(String content) {
    assertThat(CsvEscapes.areBackslashes(List.of(escapes("1,plain\n"), escapes(content)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1,a\n2,\"b\"\n",
        "1,\"say \"\"no\"\"\"\n2,\"C:\\\"\n",
        "1,\"C:\\\",b\n2,\"a \\\"\"quoted\\\"\" word\"\n",
        "1,5\\\" wide\n",
        "1,\"a \\\"b\\\" c\"\n2,\"say \"\"no\"\"\"\n", // both
      })
  void takesOthersForDoubled(String content) {
    assertThat(CsvEscapes.areBackslashes(List.of(escapes(content)))).isFalse();
  }

  @Test
  void knowsThemByALineAlone() {
    Pattern backslash = Pattern.compile(CsvEscapes.backslashLine(","));
    Pattern doubled = Pattern.compile(CsvEscapes.doubledLine(","));
    assertThat("1,\"say \\\"no\\\" now\"")
        .containsPattern(backslash)
        .doesNotContainPattern(doubled);
    assertThat("\"\\\"a\\\"\",1").containsPattern(backslash).doesNotContainPattern(doubled);
    assertThat("1,\"say \"\"no\"\" now\"")
        .containsPattern(doubled)
        .doesNotContainPattern(backslash);
    assertThat("1,\"C:\\\",\"\",2").doesNotContainPattern(doubled).doesNotContainPattern(backslash);
    assertThat("1\t\"a \\\"b\"").containsPattern(CsvEscapes.backslashLine("\t"));
  }

  private static CsvEscapes escapes(String content) {
    CsvEscapes escapes = new CsvEscapes((byte) ',', (byte) '"');
    for (byte b : content.getBytes(StandardCharsets.UTF_8)) {
      escapes.see(b);
    }
    return escapes;
  }
}
