package swarmformer.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import swarmformer.metrics.RowCounts;
import swarmformer.store.Drift;
import swarmformer.store.Manifest;

class GatesTest {
  private static final Gates MOST_ERRORS =
      new Gates(0, OptionalDouble.of(0.25), Optional.empty(), OptionalDouble.empty());

  @Test
  void closeBelowTheFewestRows() {
    Gates gates =
        new Gates(1_000, OptionalDouble.empty(), Optional.empty(), OptionalDouble.empty());
    assertThat(warnings(gates, 1_000, 0)).isEmpty();
    assertThat(warnings(gates, 999, 0))
        .containsExactly("the night has 999 rows, fewer than 1,000 (--min-rows)");
  }

  @Test
  void closeAboveTheGreatestShareOfErrors() {
    assertThat(warnings(MOST_ERRORS, 8, 6)).isEmpty();
    assertThat(warnings(MOST_ERRORS, 10_000, 7_499))
        .containsExactly("25.01 % of the rows have no prediction, more than 25.00 %");
  }

  @Test
  void aNightWithoutRowsHasNoErrors() {
    assertThat(warnings(MOST_ERRORS, 0, 0)).isEmpty();
  }

  @Test
  void tellEverythingThatClosesThem() {
    Gates gates = new Gates(5, OptionalDouble.of(0), Optional.empty(), OptionalDouble.empty());
    Drift drift = new Drift("B", 1_000, 1_000, 0.3, 0, 0);
    assertThat(gates.warnings(counts(4, 3), Optional.of(drift), Optional.empty()))
        .containsExactly(
            "the night has 4 rows, fewer than 5 (--min-rows)",
            "25.00 % of the rows have no prediction, more than 0.00 %",
            "the score has drifted from B: stability index 0.300, limit 0.218");
  }

  @Test
  void closeBelowTheLeastEstimateAndWhereItIsNoNumber() {
    Gates gates = new Gates(0, OptionalDouble.empty(), Optional.empty(), OptionalDouble.of(0.8));
    assertThat(warnings(gates, 0.8)).isEmpty();
    assertThat(warnings(gates, 0.7999))
        .containsExactly("the estimated accuracy is 79.99 %, less than 80.00 %");
    assertThat(warnings(gates, Double.NaN)).hasSize(1);
  }

  @Test
  void closeWhereThereIsNothingToJudge() {
    Gates gates = new Gates(0, OptionalDouble.empty(), Optional.empty(), OptionalDouble.of(0.8));
    Optional<Drift> without = Optional.of(new Drift("B", 0, 1_000, 0, 0, 0));
    assertThat(gates.warnings(counts(4, 0), without, Optional.empty()))
        .containsExactly(
            "nothing can be compared with the nights B: %s no row with a prediction"
                .formatted(without.get().rows() == 0 ? "this night has" : "they have"),
            "no accuracy can be estimated: no row has a prediction");
    assertThat(gates.warnings(counts(0, 0), without, Optional.empty())).isEmpty();
  }

  private static List<String> warnings(Gates gates, double estimate) {
    return gates.warnings(
        counts(10, 10), Optional.empty(), Optional.of(new Manifest.Estimate(estimate, 1)));
  }

  private static List<String> warnings(Gates gates, long rows, long scored) {
    return gates.warnings(counts(rows, scored), Optional.empty(), Optional.empty());
  }

  private static RowCounts counts(long rows, long scored) {
    return new RowCounts(rows, scored, 0, 0, Map.of(), Map.of(), 0, 0);
  }
}
