package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class EpochPlanTest {
  @RepeatedTest(20)
  void everyTextIsInOneBatch(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int[] lengths = random.ints(1 + random.nextInt(3_000), 1, 257).toArray();
    int size = 1 + random.nextInt(100);
    List<int[]> batches = EpochPlan.batches(lengths, size, random);
    assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, lengths.length).toArray());
    assertThat(batches).hasSize((lengths.length + size - 1) / size);
    assertThat(batches).allMatch(batch -> batch.length <= size);
  }

  @Test
  void aBatchHasTextsOfAboutEqualLength() {
    int[] lengths = new Random(1).ints(3_200, 1, 257).toArray();
    for (int[] batch : EpochPlan.batches(lengths, 100, new Random(2))) {
      int[] sorted = Arrays.stream(batch).map(row -> lengths[row]).sorted().toArray();
      assertThat(sorted[sorted.length - 1] - sorted[0]).isLessThan(40);
    }
  }

  @Test
  void theSameSeedGivesTheSamePlanAndAnotherAnother() {
    int[] lengths = new Random(1).ints(1_000, 1, 257).toArray();
    assertThat(EpochPlan.batches(lengths, 10, new Random(3)))
        .usingRecursiveComparison()
        .isEqualTo(EpochPlan.batches(lengths, 10, new Random(3)));
    assertThat(EpochPlan.batches(lengths, 10, new Random(3)).get(0))
        .isNotEqualTo(EpochPlan.batches(lengths, 10, new Random(4)).get(0));
  }

  @RepeatedTest(50)
  void everyTextOfABatchIsInOnePieceThatFits(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int[] width =
        random.ints(1 + random.nextInt(100), 1, 300).map(w -> -w).sorted().map(w -> -w).toArray();
    int positions = 1 + random.nextInt(2_000);
    int workers = 1 + random.nextInt(4);
    List<List<int[]>> pieces = EpochPlan.pieces(width, positions, workers);
    assertThat(pieces).hasSize(workers);
    assertThat(
            pieces.stream().flatMap(List::stream).flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, width.length).toArray());
    assertThat(pieces.stream().flatMap(List::stream))
        .allMatch(piece -> piece.length == 1 || piece.length * width[piece[0]] <= positions);
  }

  @Test
  void workersHaveAboutTheSameToDo() {
    int[] width = IntStream.range(0, 64).map(i -> 256 - i).toArray();
    List<List<int[]>> pieces = EpochPlan.pieces(width, 4_096, 2);
    int[] load =
        pieces.stream()
            .mapToInt(of -> of.stream().mapToInt(piece -> piece.length * width[piece[0]]).sum())
            .toArray();
    assertThat(Math.abs(load[0] - load[1])).isLessThan(width[0] * 3);
  }
}
