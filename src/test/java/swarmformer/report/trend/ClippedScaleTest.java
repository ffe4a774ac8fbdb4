package swarmformer.report.trend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class ClippedScaleTest {
  @Test
  void endsBeforeAnOutlier() {
    // Of the first, the quartiles are 3 and 8, so the fences are at -12 and 23.
    assertThat(around(1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100)).isEqualTo(new ClippedScale(1, 9));
    assertThat(around(1, -100, 2, 3, 4, 5, 6, 7, 8, 9)).isEqualTo(new ClippedScale(2, 9));
    assertThat(fromZero(1, 2, 3, 4, 5, 6, 7, 8, 9, 100)).isEqualTo(new ClippedScale(0, 9));
  }

  @Test
  void holdsWhatLeavesAThirdToTheOthers() {
    assertThat(around(1, 2, 3, 4, 5, 6, 7, 8, 9, 20)).isEqualTo(new ClippedScale(2, 20));
    assertThat(fromZero(1, 6.1, 6.1, 6.2, 6.2, 18)).isEqualTo(new ClippedScale(0, 18));
    assertThat(around(40, 1, 1, 1, 1, 100)).isEqualTo(new ClippedScale(1, 100));
  }

  @Test
  void hasFewValuesOrNone() {
    assertThat(around(1)).isEqualTo(new ClippedScale(0, 0));
    assertThat(around(1, 5)).isEqualTo(new ClippedScale(5, 5));
    assertThat(fromZero(1)).isEqualTo(new ClippedScale(0, 0));
  }

  private static ClippedScale around(double least, double... values) {
    return ClippedScale.around(DoubleStream.of(values), least);
  }

  private static ClippedScale fromZero(double least, double... values) {
    return ClippedScale.fromZero(DoubleStream.of(values), least);
  }
}
