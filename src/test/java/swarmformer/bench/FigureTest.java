package swarmformer.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FigureTest {
  @Test
  void sumsUpMeasurements() {
    assertThat(Figure.of(3, 1, 2)).isEqualTo(new Figure(1, 2, 3));
    assertThat(Figure.of(4, 1, 2, 3)).isEqualTo(new Figure(1, 2.5, 4));
    assertThat(Figure.of(7)).isEqualTo(new Figure(7, 7, 7));
    assertThat(new Figure(1, 2, 3).times(10)).isEqualTo(new Figure(10, 20, 30));
  }
}
