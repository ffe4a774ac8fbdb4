package swarmformer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;

final class ComparisonTest {
  private static final JsonNode CASES =
      Golden.json(Golden.file("metrics/statistics.json")).get("mc_nemar");

  @Test
  void agreesWithScipy() {
    assertThat(CASES).hasSizeGreaterThan(20).allSatisfy(ComparisonTest::assertAgrees);
  }

  private static void assertAgrees(JsonNode expected) {
    Comparison.Significance found =
        Comparison.Significance.of(
            new Comparison.Counts(
                7, expected.get("here").asLong(), expected.get("there").asLong(), 2));
    assertThat(found.exact()).isEqualTo(expected.get("exact").booleanValue());
    assertThat(found.pValue())
        .as("%s", expected)
        .isEqualTo(expected.get("p").doubleValue(), within(1e-9));
  }

  @Test
  void differencesAreOfTheRowsOfBoth() {
    Comparison.Counts counts = new Comparison.Counts(6, 2, 1, 1);
    assertThat(counts.rows()).isEqualTo(10);
    Comparison.Significance found = Comparison.Significance.of(counts);
    assertThat(found.difference()).isEqualTo(0.1);
    assertThat(found.interval()).isEqualTo(Interval.pairedDifference(2, 1, 10));
  }

  @Test
  void noRowsAreNoDifference() {
    Comparison.Significance found = Comparison.Significance.of(new Comparison.Counts(0, 0, 0, 0));
    assertThat(found.pValue()).isOne();
    assertThat(found.difference()).isZero();
  }
}
