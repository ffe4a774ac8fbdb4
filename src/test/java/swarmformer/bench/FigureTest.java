package swarmformer.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import swarmformer.checkpoint.SwarmFormerConfig;

final class FigureTest {
  @Test
  void sumsUpMeasurements() {
    assertThat(Figure.of(3, 1, 2)).isEqualTo(new Figure(1, 2, 3));
    assertThat(Figure.of(4, 1, 2, 3)).isEqualTo(new Figure(1, 2.5, 4));
    assertThat(Figure.of(7)).isEqualTo(new Figure(7, 7, 7));
    assertThat(new Figure(1, 2, 3).times(10)).isEqualTo(new Figure(10, 20, 30));
  }

  @Test
  void countsTheOperationsOfAPaddedText() {
    SwarmFormerConfig small = new SwarmFormerConfig(30_522, 128, 256, 8, 2, 3, List.of());
    SwarmFormerConfig base = new SwarmFormerConfig(30_522, 192, 768, 4, 2, 3, List.of());
    assertThat(Benchmark.operations(256, small) / 1e9).isCloseTo(0.302, within(0.01));
    assertThat(Benchmark.operations(768, base) / 1e9).isCloseTo(2.04, within(0.05));
  }
}
