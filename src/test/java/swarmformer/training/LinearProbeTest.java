package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LinearProbeTest {
  /** Texts of two classes in turn. */
  @Test
  void drawsFromManyTextsWhateverTheirOrder() {
    int[] rows = LinearProbe.sample(40_000, 1);
    assertThat(rows).hasSize(20_000).doesNotHaveDuplicates().isSorted();
    assertThat(Arrays.stream(rows).filter(row -> row % 2 == 0).count()).isBetween(9_500L, 10_500L);
    assertThat(LinearProbe.sample(40_000, 1)).isEqualTo(rows);
  }

  @Test
  void readsAllOfFewTexts() {
    assertThat(LinearProbe.sample(20_000, 1)).isEqualTo(IntStream.range(0, 20_000).toArray());
  }
}
