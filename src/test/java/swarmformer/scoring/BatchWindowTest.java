package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.tokens.Tokens;

final class BatchWindowTest {
  private static final long SEED = 20_261_124;
  private static final int CARRIED = 2;

  private static BatchWindow windowOf(int... lengths) {
    List<TokenizedRow> items = new ArrayList<>();
    for (int length : lengths) {
      Tokens tokens = length == 0 ? null : new Tokens(new int[length], false);
      items.add(
          new TokenizedRow(new Object[0], tokens, null, null, false, TokenizedRow.Label.ABSENT));
    }
    return new BatchWindow(items, 0);
  }

  @Test
  void putsRowsOfAboutTheSameLengthTogetherAndErrorsLast() {
    assertThat(windowOf(3, 9, 0, 4, 10).batches(2))
        .containsExactly(new int[] {4, 1}, new int[] {3, 0}, new int[] {2});
  }

  @Test
  void putsEveryRowInOneBatch() {
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      int[] lengths = random.ints(1 + random.nextInt(40), 0, 6).toArray();
      int batchSize = 1 + random.nextInt(12);
      List<int[]> batches = windowOf(lengths).batches(batchSize);
      assertThat(batches).hasSize((lengths.length + batchSize - 1) / batchSize);
      assertThat(batches.stream().flatMapToInt(IntStream::of).sorted())
          .containsExactlyElementsOf(IntStream.range(0, lengths.length).boxed().toList());
    }
  }

  @Test
  void readsAsManyRowsAsItsBatchesHold() {
    assertThat(sizes(Collections.nCopies(10, row("short", 3)), 2, 3)).containsExactly(6, 4);
    assertThat(sizes(Collections.nCopies(4, row("short", 3)), 2, 2)).containsExactly(4);
  }

  @Test
  void readsFewerRowsWhereTheyTakeMuchMemory() {
    Row large = row("x".repeat(10 << 20), 3);
    assertThat(sizes(Collections.nCopies(7, large), 1, 8)).containsExactly(2, 2, 2, 1);
    assertThat(sizes(Collections.nCopies(7, large), 4, 8)).containsExactly(2, 2, 2, 1);
  }

  @Test
  void keepsIdsAndWhatIsCarriedButNoText() {
    BatchWindow.Reader windows = reader(List.of(row("kept", 5)), 1, 1);
    TokenizedRow item = windows.next().rows().get(0);
    assertThat(item.carried()).containsExactly("id", "kept");
    assertThat(item.length()).isEqualTo(5);
    assertThat(item.bytes()).isEqualTo(5 * 4 + 6 * 2);
  }

  private static List<Integer> sizes(List<Row> rows, int batchSize, int batches) {
    List<Integer> sizes = new ArrayList<>();
    reader(rows, batchSize, batches).forEachRemaining(window -> sizes.add(window.rows().size()));
    return sizes;
  }

  private static BatchWindow.Reader reader(List<Row> rows, int batchSize, int batches) {
    SwarmFormerConfig config = new SwarmFormerConfig(60, 8, 16, 4, 1, 1, List.of());
    ScoringSettings settings = CpuSettings.of(batchSize, true, false, false);
    RowTokenizer reader = new RowTokenizer(config, settings, CARRIED);
    return new BatchWindow.Reader(rows.iterator(), reader, batchSize, batches);
  }

  private static Row row(String kept, int tokens) {
    List<Integer> ids = Collections.nCopies(tokens, 7);
    return RowFactory.create(
        "id", kept, scala.jdk.javaapi.CollectionConverters.asScala(ids).toSeq(), false, null);
  }
}
