package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import swarmformer.tokens.TruncationSide;

final class ExampleTest {
  private static Example ofTokens(int words) {
    int[] tokens = IntStream.range(1_000, 1_002 + words).toArray();
    tokens[0] = 101;
    tokens[words + 1] = 102;
    return new Example(tokens, 1, (passage, networks) -> new float[] {0.25f, 0.75f}, 0.5f);
  }

  @Test
  void windowReadsFromAPlaceBetweenTheSpecialTokens() {
    Example text = ofTokens(6);
    assertThat(text.places(6)).isEqualTo(3);
    assertThat(text.window(6, 0)).containsExactly(101, 1001, 1002, 1003, 1004, 102);
    assertThat(text.window(6, 2)).containsExactly(101, 1003, 1004, 1005, 1006, 102);
    assertThat(text.window(8, 0)).isEqualTo(text.tokens());
    assertThat(text.places(8)).isEqualTo(1);
  }

  @Test
  void partIsTheShareOfTheTokensThatAreNotSpecial() {
    Example text = ofTokens(8);
    assertThat(text.part(text.window(4, 3))).isEqualTo(0.25);
    assertThat(text.part(text.tokens())).isEqualTo(1);
    Example empty = ofTokens(0);
    assertThat(empty.part(empty.tokens())).isEqualTo(1);
  }

  @Test
  void readsTheEndThatIsNotCutOff() {
    Example text = ofTokens(6);
    assertThat(text.window(6, TruncationSide.RIGHT)).isEqualTo(text.window(6, 0));
    assertThat(text.window(6, TruncationSide.LEFT)).isEqualTo(text.window(6, 2));
    assertThat(text.window(8, TruncationSide.LEFT)).isEqualTo(text.tokens());
  }
}
