package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.errors.OutputException;

class RunIdTest {
  private static final int LONGEST = 128;

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a/b", "/", ".", "..", "../a", "-a", "_a", "a b", "a=b", "ä", "a\nb"})
  void refusesWhatIsNoFolderNameEverywhere(String id) {
    assertThatThrownBy(() -> RunId.check(id))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot use run id '%s': it may hold letters, digits, '.', '_' and '-', begin with a letter or digit, and be at most 128 long. Set --run-id."
                .formatted(id.replace("\n", "?")));
  }

  @Test
  void refusesALongOne() {
    assertThat(RunId.check("a".repeat(LONGEST))).hasSize(LONGEST);
    assertThatThrownBy(() -> RunId.check("a".repeat(LONGEST + 1)))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("at most 128 long");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "7", "nightly-2026.11_01", "a.."})
  void takesAFolderName(String id) {
    assertThat(RunId.check(id)).isEqualTo(id);
  }

  @Test
  void makesOnesThatItTakes() {
    String first = RunId.next();
    assertThat(RunId.check(first)).matches("\\d{8}T\\d{6}Z-[0-9a-f]{4}");
  }
}
