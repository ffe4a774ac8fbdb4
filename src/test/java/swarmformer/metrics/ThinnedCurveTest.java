package swarmformer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ThinnedCurveTest {
  private final ThinnedCurve<String> curve = new ThinnedCurve<>();

  @Test
  void keepsFirstLastAndWhatIsApart() {
    curve.add("first", 0, 0);
    curve.add("near", 0.004, 0.004);
    curve.add("apart in one", 0.004, 0.006);
    curve.add("near that", 0.008, 0.010);
    curve.add("last", 0.008, 0.010);
    assertThat(curve.points()).containsExactly("first", "apart in one", "last");
  }

  @Test
  void keepsWhatIsAWholeStepAway() {
    curve.add("first", 0);
    curve.add("a step", 0.005);
    curve.add("last", 0.006);
    assertThat(curve.points()).containsExactly("first", "a step", "last");
  }

  @Test
  void aKeptLastPointStandsOnce() {
    curve.add("first", 0);
    curve.add("last", 1);
    assertThat(curve.points()).containsExactly("first", "last");
  }

  @Test
  void nothingHasNoPoints() {
    assertThat(curve.points()).isEmpty();
  }

  @Test
  void manyPointsLeaveFew() {
    for (int i = 0; i <= 1_000_000; i++) {
      curve.add("", i / 1e6);
    }
    assertThat(curve.points()).hasSizeBetween(195, 202);
  }
}
