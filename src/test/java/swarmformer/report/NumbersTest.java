package swarmformer.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NumbersTest {
  @Test
  void sharesArePercent() {
    assertThat(Numbers.percent(0.86424)).isEqualTo("86.42 %");
    assertThat(Numbers.percent(null)).isEqualTo("–");
    assertThat(Numbers.wholePercent(0.05)).isEqualTo("5 %");
    assertThat(Numbers.points(-0.0022)).isEqualTo("−0.22 points");
    assertThat(Numbers.points(0.0022)).isEqualTo("+0.22 points");
  }

  @Test
  void whatIsNotCertainIsNotWrittenAsCertain() {
    assertThat(Numbers.percent(24_999 / 25_000.0)).isEqualTo("> 99.99 %");
    assertThat(Numbers.percent(0.9999)).isEqualTo("99.99 %");
    assertThat(Numbers.percent(1 / 25_000.0)).isEqualTo("< 0.01 %");
    assertThat(Numbers.percent(1.0)).isEqualTo("100.00 %");
    assertThat(Numbers.percent(0.0)).isEqualTo("0.00 %");
    assertThat(Numbers.wholePercent(0.996)).isEqualTo("> 99 %");
    assertThat(Numbers.wholePercent(0.99)).isEqualTo("99 %");
    assertThat(Numbers.wholePercent(0.004)).isEqualTo("< 1 %");
    assertThat(Numbers.wholePercent(1)).isEqualTo("100 %");
    assertThat(Numbers.range(0.9999, 24_999 / 25_000.0)).isEqualTo("99.99 to > 99.99 %");
    assertThat(Numbers.range(0, 1 / 25_000.0)).isEqualTo("0.00 to < 0.01 %");
    assertThat(Numbers.range(0, 1)).isEqualTo("0.00 to 100.00 %");
  }

  @Test
  void smallProbabilitiesHaveABound() {
    assertThat(Numbers.probability(0.03123)).isEqualTo("= 0.0312");
    assertThat(Numbers.probability(1e-12)).isEqualTo("< 0.0001");
  }

  @Test
  void timesHaveTheUnitThatFits() {
    assertThat(Numbers.time(0.5)).isEqualTo("0.50 ms");
    assertThat(Numbers.time(950)).isEqualTo("950 ms");
    assertThat(Numbers.time(2_895)).isEqualTo("2.90 s");
    assertThat(Numbers.time(177_100)).isEqualTo("2 min 57 s");
    assertThat(Numbers.time(7_260_000)).isEqualTo("2 h 01 min");
  }

  @Test
  void ticksHaveNoSuperfluousDigits() {
    assertThat(Numbers.tick(0.30000000000000004)).isEqualTo("0.3");
    assertThat(Numbers.tick(20)).isEqualTo("20");
    assertThat(Numbers.tick(-0.5)).isEqualTo("−0.5");
    assertThat(Numbers.tick(10_000)).isEqualTo("10,000");
  }
}
