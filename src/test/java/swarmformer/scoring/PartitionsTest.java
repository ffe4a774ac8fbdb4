package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import swarmformer.cluster.Capacity;
import swarmformer.data.InputSize;

final class PartitionsTest {
  private static final Capacity FOUR = new Capacity(4, 4);
  private static final Capacity WITHOUT_LIMIT = new Capacity(0, Integer.MAX_VALUE);

  private static int suiting(long rows, int filled, long largest) {
    return suiting(rows, filled, largest, FOUR);
  }

  private static int suiting(long rows, int filled, long largest, Capacity capacity) {
    return Partitions.suiting(new InputSize(rows, true, filled, largest, 0), capacity, 256);
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

  @Test
  void countsTheCoresThatAClusterMayGrowTo() {
    assertThat(suiting(100_000, 1, 100_000, new Capacity(0, 40))).isEqualTo(120);
    assertThat(suiting(100_000, 8, 12_500, new Capacity(2, 40))).isEqualTo(120);
    assertThat(suiting(100_000, 40, 2_500, new Capacity(2, 40))).isEqualTo(Partitions.AS_FOUND);
  }

  @Test
  void growsNoFurtherThanRowsAreWorth() {
    assertThat(suiting(300, 1, 300, WITHOUT_LIMIT)).isEqualTo(Partitions.AS_FOUND);
    assertThat(suiting(100_000, 1, 100_000, WITHOUT_LIMIT)).isEqualTo(300);
    assertThat(suiting(5_000, 1, 5_000, new Capacity(2, 400))).isEqualTo(15);
  }

  @Test
  void keepsWhatIsLostWithAnExecutorSmall() {
    assertThat(suiting(10_000_000, 8, 1_250_000)).isEqualTo(500);
  }
}
