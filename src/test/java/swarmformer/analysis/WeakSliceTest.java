package swarmformer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;

final class WeakSliceTest {
  private static final JsonNode CASES =
      Golden.json(Golden.file("metrics/statistics.json")).get("weak_slices");

  @Test
  void agreesWithScipy() {
    assertThat(CASES).hasSizeGreaterThan(5).allSatisfy(WeakSliceTest::assertAgrees);
  }

  private static void assertAgrees(JsonNode expected) {
    double p =
        WeakSlice.pValue(
            expected.get("rows").asLong(),
            expected.get("right").asLong(),
            expected.get("all_rows").asLong(),
            expected.get("all_right").asLong());
    assertThat(p).as("%s", expected).isEqualTo(expected.get("p").doubleValue(), within(1e-9));
  }

  /** Each of the ten is wrong with probability 0.2, whichever the others are. */
  @Test
  void aFewOfBillionsOfRowsAreAsGoodAsDrawnOneByOne() {
    assertThat(WeakSlice.pValue(10, 0, 3_000_000_000L, 2_400_000_000L))
        .isEqualTo(1.024e-7, within(1e-13));
  }

  @Test
  void rowsThatAreAllRightAreNotWeak() {
    assertThat(WeakSlice.pValue(2_000, 2_000, 3_000, 3_000)).isOne();
  }
}
