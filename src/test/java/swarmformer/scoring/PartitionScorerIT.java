package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import swarmformer.errors.InputException;
import swarmformer.model.Logits;

final class PartitionScorerIT extends PartitionScorerBase {
  private static final double TOLERANCE = 1e-5;

  @Test
  void givesTheSameInAnyWindowBatchAndThread() {
    Random random = new Random(SEED);
    for (int i = 0; i < 12; i++) {
      int batchSize = 1 + random.nextInt(i % 2 == 0 ? 10 : 60);
      int batches = 1 + random.nextInt(5);
      int from = random.nextInt(ROWS / 2);
      int to = from + 1 + random.nextInt(ROWS - from);
      records.clear();
      List<Row> scored = list(score(rows.subList(from, to), batchSize, batches, i % 3 != 0));
      assertSame(scored, expected.subList(from, to));
      assertThat(ends).hasValue(i + 1);
      assertCoversAllRowsOnce(scored, batchSize, batches);
    }
  }

  private static void assertSame(List<Row> scored, List<Row> wanted) {
    assertThat(scored).hasSameSizeAs(wanted);
    for (int i = 0; i < scored.size(); i++) {
      Row row = scored.get(i);
      for (int column : new int[] {0, 1, 2, 5, 6, 7}) {
        assertThat(row.get(column)).isEqualTo(wanted.get(i).get(column));
      }
      if (row.isNullAt(7)) {
        assertThat((float[]) row.get(4))
            .containsExactly((float[]) wanted.get(i).get(4), within((float) TOLERANCE));
      }
    }
  }

  private void assertCoversAllRowsOnce(List<Row> scored, int batchSize, int batches) {
    assertThat(records.stream().mapToInt(record -> record.counts().rows()).sum())
        .isEqualTo(scored.size());
    assertThat(records).allMatch(record -> record.counts().rows() <= batchSize);
    int windows = (scored.size() + batchSize * batches - 1) / (batchSize * batches);
    assertThat(records.size()).isBetween(1, windows * batches);
    assertThat(records.stream().map(BatchRecord::number).sorted())
        .containsExactlyElementsOf(IntStream.range(0, records.size()).boxed().toList());
  }

  @Test
  void readsOneWindowAheadAndNoMore() {
    AtomicLong read = new AtomicLong();
    Iterator<Row> counted = rows.stream().peek(row -> read.incrementAndGet()).iterator();
    Iterator<Row> scored =
        scored(counted, 5, 2, model.network()::logits, false, Optional.of(deviceThread));
    assertThat(read).hasValue(0);
    scored.next();
    assertThat(read.get()).isBetween(20L, 21L); // whether there is more is asked
    assertThat(progress).hasValue(10);
  }

  @Test
  void readsNothingAheadOnACpu() {
    AtomicLong read = new AtomicLong();
    Iterator<Row> counted = rows.stream().peek(row -> read.incrementAndGet()).iterator();
    scored(counted, 10, 1, model.network()::logits, false, Optional.empty()).next();
    assertThat(read.get()).isBetween(10L, 11L);
  }

  @Test
  void givesRowsWithoutDeviceMemoryAnError() {
    List<Row> scored =
        list(
            scored(
                rows.iterator(), 8, 2, PartitionScorerIT::small, false, Optional.of(deviceThread)));
    int refused = 0;
    for (int i = 0; i < ROWS; i++) {
      Row wanted = expected.get(i);
      boolean large = wanted.isNullAt(7) && wanted.getInt(5) > 60;
      assertThat(scored.get(i).get(7)).isEqualTo(large ? "out of device memory" : wanted.get(7));
      assertThat(scored.get(i).isNullAt(1)).isEqualTo(large || wanted.isNullAt(1));
      refused += large || !wanted.isNullAt(7) ? 1 : 0;
    }
    assertThat(errors()).isEqualTo(refused).isGreaterThan(ROWS / 7);
  }

  private long errors() {
    return records.stream()
        .flatMap(record -> record.counts().errors().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  /** Its batches share the times and positions. */
  @Test
  void givesAWindowToTheNetworkAtOnce() {
    List<Integer> given = new ArrayList<>();
    List<Long> positions = new ArrayList<>();
    Function<int[][], Logits> network =
        ids -> {
          Logits logits = model.network().logits(ids);
          given.add(ids.length);
          positions.add(logits.allPositions());
          return logits;
        };
    List<Row> scored = list(scored(rows.iterator(), 8, 4, network, false, Optional.empty()));
    assertThat(scored).hasSize(ROWS);
    assertThat(given).hasSize(4); // 97 rows, in windows of 32
    assertThat(given.stream().mapToInt(n -> n).sum()).isEqualTo(ROWS - ROWS / 7);
    assertThat(records).hasSize(13);
    assertThat(records.stream().mapToLong(BatchRecord::positions).sum())
        .isEqualTo(positions.stream().mapToLong(n -> n).sum());
    assertThat(records.get(0).positions()).isGreaterThan(records.get(3).positions());
    assertThat(records.get(0).times().modelMs()).isGreaterThan(records.get(3).times().modelMs());
  }

  @Test
  void givesRowsWithoutFiniteLogitsAnError() {
    List<Row> scored =
        list(
            scored(
                rows.iterator(),
                8,
                2,
                PartitionScorerIT::broken,
                false,
                Optional.of(deviceThread)));
    for (int i = 0; i < ROWS; i++) {
      Row wanted = expected.get(i);
      boolean isBroken = wanted.isNullAt(7) && wanted.getInt(5) > 40;
      assertThat(scored.get(i).get(7))
          .isEqualTo(isBroken ? "NaN or infinite logits" : wanted.get(7));
      assertThat(scored.get(i).isNullAt(4)).isEqualTo(isBroken || wanted.isNullAt(4));
    }
  }

  /** A network that overflows on more than 40 ids, and gives NaN on more than 60. */
  private static Logits broken(int[][] ids) {
    Logits all = model.network().logits(ids);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i].length > 40) {
        all.rows()[i][0] = ids[i].length > 60 ? Float.NaN : Float.POSITIVE_INFINITY;
      }
    }
    return all;
  }

  /** A device with memory for 60 ids. */
  private static Logits small(int[][] ids) {
    Logits all = model.network().logits(ids);
    float[][] logits = all.rows().clone();
    for (int i = 0; i < ids.length; i++) {
      logits[i] = ids[i].length > 60 ? null : logits[i];
    }
    return new Logits(logits, all.positions(), all.operations());
  }

  @Test
  void stopsAtARowWithoutDeviceMemoryWhereThatIsWanted() {
    Iterator<Row> scored =
        scored(
            rows.subList(0, 3).iterator(),
            8,
            2,
            ids -> new Logits(new float[ids.length][], new int[ids.length], 0),
            true,
            Optional.of(deviceThread));
    assertThatThrownBy(scored::next)
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            "Cannot score the row with id '[012]': out of device memory\\. Fix the input, or leave out --on-bad-row fail to give such rows an error\\.");
  }
}
