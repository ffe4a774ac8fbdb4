package swarmformer.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlanningTest {
  @Test
  void makesChunksOfFiveThousandRowsUntilThereAreSixtyFour() {
    assertThat(Planning.chunks(0)).isEqualTo(1);
    assertThat(Planning.chunks(5_000)).isEqualTo(1);
    assertThat(Planning.chunks(5_001)).isEqualTo(2);
    assertThat(Planning.chunks(320_000)).isEqualTo(64);
    assertThat(Planning.chunks(50_000_000)).isEqualTo(64);
  }
}
