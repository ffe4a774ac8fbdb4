package swarmformer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ConfusionTest {
  private static final Offset<Double> EXACT = within(1e-15);

  /** 50 right of class 0, 35 right of class 1, 10 and 5 wrong. */
  private static final Confusion TWO = new Confusion(new long[][] {{50, 10}, {5, 35}});

  private static final Confusion THREE =
      new Confusion(new long[][] {{6, 2, 0}, {1, 4, 3}, {0, 0, 4}});

  @Test
  void ofTwoClassesTheSecondIsPositive() {
    assertThat(TWO.total()).isEqualTo(100);
    assertThat(TWO.accuracy()).isEqualTo(0.85, EXACT);
    assertThat(TWO.precision()).isEqualTo(35.0 / 45, EXACT);
    assertThat(TWO.recall()).isEqualTo(35.0 / 40, EXACT);
    assertThat(TWO.f1()).isEqualTo(70.0 / 85, EXACT);
  }

  @Test
  void ofMoreClassesEachCountsTheSame() {
    double first = 2 * (6 / 7.0) * (6 / 8.0) / (6 / 7.0 + 6 / 8.0);
    double second = 2 * (4 / 6.0) * (4 / 8.0) / (4 / 6.0 + 4 / 8.0);
    double third = 2 * (4 / 7.0) / (4 / 7.0 + 1);
    assertThat(THREE.accuracy()).isEqualTo(14 / 20.0, EXACT);
    assertThat(THREE.precision()).isEqualTo((6 / 7.0 + 4 / 6.0 + 4 / 7.0) / 3, EXACT);
    assertThat(THREE.recall()).isEqualTo((6 / 8.0 + 4 / 8.0 + 1) / 3, EXACT);
    assertThat(THREE.f1()).isEqualTo((first + second + third) / 3, EXACT);
  }

  @Test
  void theBaseRateIsThatOfTheMostFrequentLabel() {
    assertThat(TWO.mostFrequentLabel()).isZero();
    assertThat(TWO.baseRate()).isEqualTo(0.6, EXACT);
    assertThat(THREE.mostFrequentLabel()).isZero();
    assertThat(THREE.baseRate()).isEqualTo(0.4, EXACT);
    Confusion equal = new Confusion(new long[][] {{1, 0, 0}, {2, 3, 1}, {0, 1, 5}});
    assertThat(equal.mostFrequentLabel()).isOne();
    assertThat(equal.baseRate()).isEqualTo(6 / 13.0, EXACT);
    assertThat(new Confusion(new long[][] {{2, 1}, {1, 3}}).mostFrequentLabel()).isOne();
    assertThat(new Confusion(new long[2][2]).baseRate()).isZero();
  }

  @Test
  void knowsAModelThatSaysOneClassOnly() {
    assertThat(new Confusion(new long[][] {{0, 3}, {0, 5}}).onlyPrediction()).hasValue(1);
    assertThat(TWO.onlyPrediction()).isEmpty();
    assertThat(new Confusion(new long[2][2]).onlyPrediction()).isEmpty();
  }

  @Test
  void classWithoutRowsCountsAsZeroInMeans() {
    Confusion onlyOne = new Confusion(new long[][] {{0, 0, 0}, {0, 9, 0}, {0, 0, 0}});
    assertThat(onlyOne.accuracy()).isOne();
    assertThat(onlyOne.precision()).isEqualTo(1 / 3.0, EXACT);
    assertThat(onlyOne.recall()).isEqualTo(1 / 3.0, EXACT);
    assertThat(onlyOne.f1()).isEqualTo(1 / 3.0, EXACT);
  }

  @Test
  void allPositiveAndRightIsPerfect() {
    Confusion positive = new Confusion(new long[][] {{0, 0}, {0, 7}});
    assertThat(positive.accuracy()).isOne();
    assertThat(positive.precision()).isOne();
    assertThat(positive.recall()).isOne();
    assertThat(positive.f1()).isOne();
  }

  @Test
  void allNegativeAndRightHasZeroForThePositiveClass() {
    Confusion negative = new Confusion(new long[][] {{7, 0}, {0, 0}});
    assertThat(negative.accuracy()).isOne();
    assertThat(negative.precision()).isZero();
    assertThat(negative.recall()).isZero();
    assertThat(negative.f1()).isZero();
  }

  @Test
  void neverPredictedClassHasZeroPrecision() {
    Confusion never = new Confusion(new long[][] {{3, 0}, {4, 0}});
    assertThat(never.accuracy()).isEqualTo(3 / 7.0, EXACT);
    assertThat(never.precision()).isZero();
    assertThat(never.recall()).isZero();
    assertThat(never.f1()).isZero();
  }

  @Test
  void nothingGivesZeroNotNaN() {
    for (int classes : new int[] {2, 3}) {
      Confusion empty = new Confusion(new long[classes][classes]);
      assertThat(empty.total()).isZero();
      assertThat(empty.accuracy()).isZero();
      assertThat(empty.precision()).isZero();
      assertThat(empty.recall()).isZero();
      assertThat(empty.f1()).isZero();
    }
  }

  @Test
  void countsBeyondIntDoNotOverflow() {
    long many = 3_000_000_000L;
    Confusion huge = new Confusion(new long[][] {{many, many}, {0, many}});
    assertThat(huge.total()).isEqualTo(9_000_000_000L);
    assertThat(huge.accuracy()).isEqualTo(2 / 3.0, EXACT);
  }
}
