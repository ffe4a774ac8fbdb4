package swarmformer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class DriftTest {
  private static final double TOLERANCE = 1e-12;

  /**
   * By hand: shares of 4.5 and 45.5 in 50 against 24.5 and 25.5, -0.4 ln 0.18367 + 0.4 ln 1.7843.
   */
  @Test
  void addsUpTheBins() {
    assertThat(Drift.stabilityIndex(List.of(24L, 25L), List.of(4L, 45L)))
        .isEqualTo(0.9094518378267726, within(TOLERANCE));
  }

  @Test
  void isZeroForEqualShares() {
    assertThat(Drift.stabilityIndex(List.of(5L, 5L), List.of(50L, 50L))).isZero();
    assertThat(Drift.stabilityIndex(List.of(0L, 0L), List.of(0L, 0L))).isZero();
  }

  @Test
  void isFiniteWhereABinIsEmpty() {
    assertThat(Drift.stabilityIndex(List.of(0L, 100L), List.of(100L, 0L))).isBetween(5.0, 20.0);
  }

  @Test
  void warnsOfEachIndexAboveItsLimit() {
    assertThat(new Drift("B", 1_000, 1_000, 0.219, 0.217, 0.5).warnings())
        .containsExactly(
            "the score has drifted from B: stability index 0.219, limit 0.218",
            "the length has drifted from B: stability index 0.217, limit 0.216",
            "the unknown tokens has drifted from B: stability index 0.500, limit 0.210");
    assertThat(new Drift("B", 1_000, 1_000, 0.217, 0.215, 0.2).warnings()).isEmpty();
  }

  @Test
  void allowsMoreOfSmallNights() {
    assertThat(new Drift("B", 1_000, 10, 0.9, 0, 0).warnings()).isEmpty();
    assertThat(new Drift("B", 1_000, 0, 9, 9, 9).warnings()).isEmpty();
    assertThat(new Drift("B", 0, 1_000, 9, 9, 9).warnings()).isEmpty();
  }
}
