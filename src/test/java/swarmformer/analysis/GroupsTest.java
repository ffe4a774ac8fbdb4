package swarmformer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class GroupsTest {
  private static final List<Boolean> RIGHT =
      List.of(true, true, true, true, false, true, true, false, false, false);

  /**
   * 4 and 2 of 5 are right, 1 more and 1 less than expected: the variance of the mean is 2 / 1 · 2
   * / 10², a row's is 0.24, and Student's quantile of 1 degree of freedom is tan(0.475 π).
   */
  @Test
  void twoGroupsTellAsMuchAsTheyDiffer() {
    List<String> groups = List.of("a", "a", "a", "a", "a", "b", "b", "b", "b", "b");
    Groups found = Groups.ofAccuracy("film", groups, RIGHT).orElseThrow();
    assertThat(found.column()).isEqualTo("film");
    assertThat(found.number()).isEqualTo(2);
    assertThat(found.effectiveRows()).isCloseTo(6, within(1e-12));
    assertThat(found.interval().low()).isCloseTo(0.012974919667920248, within(1e-9));
    assertThat(found.interval().high()).isCloseTo(0.9941914996893007, within(1e-9));
  }

  @Test
  void oneGroupTellsNothingOfOthers() {
    assertThat(Groups.ofAccuracy("film", List.of("a", "a"), List.of(true, false))).isEmpty();
  }
}
