package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ExampleTest {
  private static Example ofTokens(int words) {
    int[] tokens = IntStream.range(1_000, 1_002 + words).toArray();
    tokens[0] = 101;
    tokens[words + 1] = 102;
    return new Example(tokens, 1, new float[] {0.25f, 0.75f}, 0.5f);
  }

  @Test
  void thinnedLeavesOutItsShareOfTheTokensAndNoSpecialOne() {
    Example text = ofTokens(10_000);
    int[] kept = text.thinned(0.2, new SplittableRandom(1)).tokens();
    assertThat(kept.length).isBetween(7_850, 8_150); // 10,000 draws: 3.75 standard deviations
    assertThat(kept).startsWith(101).endsWith(102).doesNotHaveDuplicates();
    assertThat(IntStream.of(kept).skip(1).limit(kept.length - 2)).isSorted();
    assertThat(text.thinned(0.2, new SplittableRandom(2)).tokens()).isNotEqualTo(kept);
    assertThat(text.thinned(0.2, new SplittableRandom(1)).tokens()).isEqualTo(kept);
  }

  @Test
  void thinnedKeepsTextsOfNoWordAndTheRest() {
    Example empty = ofTokens(0);
    assertThat(empty.thinned(0.99, new SplittableRandom(1)).tokens()).containsExactly(101, 102);
    Example text = ofTokens(5).thinned(0.5, new SplittableRandom(1));
    assertThat(text.label()).isEqualTo(1);
    assertThat(text.weight()).isEqualTo(0.5f);
    assertThat(text.target()).containsExactly(0.25f, 0.75f);
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
}
