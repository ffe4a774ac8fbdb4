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
    Comparison comparison =
        Comparison.of("r", 7, expected.get("here").asLong(), expected.get("there").asLong(), 2);
    assertThat(comparison.exact()).isEqualTo(expected.get("exact").booleanValue());
    assertThat(comparison.pValue())
        .as("%s", expected)
        .isEqualTo(expected.get("p").doubleValue(), within(1e-9));
  }

  @Test
  void accuraciesAreOfTheRowsOfBoth() {
    Comparison comparison = Comparison.of("r", 6, 2, 1, 1);
    assertThat(comparison.rows()).isEqualTo(10);
    assertThat(comparison.accuracyHere()).isEqualTo(0.8);
    assertThat(comparison.accuracyThere()).isEqualTo(0.7);
  }

  @Test
  void noRowsAreNoDifference() {
    Comparison comparison = Comparison.of("r", 0, 0, 0, 0);
    assertThat(comparison.pValue()).isOne();
    assertThat(comparison.accuracyHere()).isZero();
  }
}
