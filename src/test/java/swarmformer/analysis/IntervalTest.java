package swarmformer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;

final class IntervalTest {
  private static List<JsonNode> golden(String name) {
    JsonNode cases = Golden.json(Golden.file("metrics/statistics.json")).get(name);
    return StreamSupport.stream(cases.spliterator(), false).toList();
  }

  @Test
  void agreesWithScipy() {
    assertThat(golden("wilson")).hasSizeGreaterThan(20).allSatisfy(IntervalTest::assertAgrees);
  }

  private static void assertAgrees(JsonNode expected) {
    Interval interval =
        Interval.wilson(expected.get("part").asLong(), expected.get("whole").asLong());
    assertEnds(interval, expected);
  }

  /** Found by searching the likelihood, without Tango's closed form. */
  @Test
  void pairedDifferencesAreThoseThatTheScoreTestDoesNotReject() {
    assertThat(golden("paired_differences"))
        .hasSizeGreaterThan(20)
        .allSatisfy(
            expected ->
                assertEnds(
                    Interval.pairedDifference(
                        expected.get("first").asLong(),
                        expected.get("second").asLong(),
                        expected.get("rows").asLong()),
                    expected));
  }

  private static void assertEnds(Interval interval, JsonNode expected) {
    assertThat(interval.low()).isEqualTo(expected.get("low").doubleValue(), within(1e-9));
    assertThat(interval.high()).isEqualTo(expected.get("high").doubleValue(), within(1e-9));
  }

  @Test
  void nothingTellsNothing() {
    assertThat(Interval.pairedDifference(0, 0, 0)).isEqualTo(new Interval(-1, 1));
    assertThat(Interval.wilson(0, 0)).isEqualTo(new Interval(0, 1));
  }
}
