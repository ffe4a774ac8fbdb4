package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import swarmformer.data.Texts;

final class PartitionsTest {
  private static int suiting(long rows, int filled, long largest) {
    return Partitions.suiting(new Texts.Counts(rows, 0, 0, filled, largest), 4, 256);
  }

  @Test
  void keepsEvenPartitionsOfFullBatches() {
    assertThat(suiting(100_000, 8, 12_500)).isEqualTo(Partitions.AS_FOUND);
    assertThat(suiting(100_000, 190, 540)).isEqualTo(Partitions.AS_FOUND);
  }

  @Test
  void spreadsRowsThatLieInOnePartition() {
    assertThat(suiting(100_000, 1, 100_000)).isEqualTo(12);
    assertThat(suiting(100_000, 4, 50_000)).isEqualTo(12);
  }

  @Test
  void gathersManyPartitionsOfFewRows() {
    assertThat(suiting(1_000, 800, 2)).isEqualTo(4);
  }

  @Test
  void neverMakesMorePartitionsThanBatches() {
    assertThat(suiting(300, 1, 300)).isEqualTo(2);
    assertThat(suiting(10, 1, 10)).isEqualTo(Partitions.AS_FOUND);
    assertThat(suiting(0, 0, 0)).isEqualTo(Partitions.AS_FOUND);
  }
}
