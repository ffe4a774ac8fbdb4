package swarmformer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AxisTest {
  private static List<String> labels(Axis axis) {
    return axis.ticks().stream().map(Axis.Tick::label).toList();
  }

  @Test
  void sharesAreLabelledInPercent() {
    Axis axis = Axis.ofShares("Recall", 0, 1);
    assertThat(labels(axis)).containsExactly("0 %", "20 %", "40 %", "60 %", "80 %", "100 %");
  }

  @Test
  void endsMoveOutToRoundValues() {
    Axis axis = Axis.ofNumbers("Seconds", 0, 5.83);
    assertThat(labels(axis)).containsExactly("0", "2", "4", "6");
    assertThat(axis.to()).isEqualTo(6);
    assertThat(labels(Axis.ofShares("", 0.859, 0.871)))
        .containsExactly("85.5 %", "86 %", "86.5 %", "87 %", "87.5 %");
  }

  @Test
  void largeNumbersHaveSeparators() {
    assertThat(labels(Axis.ofNumbers("", 0, 25_000)))
        .containsExactly("0", "5,000", "10,000", "15,000", "20,000", "25,000");
  }

  @Test
  void oneValueStillSpansAnAxis() {
    Axis axis = Axis.ofShares("", 1, 1);
    assertThat(axis.from()).isLessThan(axis.to());
    assertThat(axis.ticks()).hasSizeBetween(2, 3);
  }

  @Test
  void valuesBeyondTheEndsStayOnThem() {
    Axis axis = Axis.ofShares("", 0, 1);
    assertThat(axis.position(0.25)).isEqualTo(0.25);
    assertThat(axis.position(-1)).isZero();
    assertThat(axis.position(7)).isOne();
    assertThat(axis.along(0.25, 4, 172)).isEqualTo("47.0");
  }
}
