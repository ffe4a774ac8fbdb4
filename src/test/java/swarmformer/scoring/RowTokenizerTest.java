package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.tokens.TruncationSide;

/** Token ids that one model emits are what another would have read of the text. */
class RowTokenizerTest {
  private static final SwarmFormerConfig SMALL =
      SwarmFormerConfig.published("takara-ai/SwarmFormer-Sentiment-Small").orElseThrow();
  private static final SwarmFormerConfig BASE =
      SwarmFormerConfig.published("takara-ai/SwarmFormer-Sentiment-Base").orElseThrow();

  @ParameterizedTest
  @ValueSource(ints = {1, 254, 255, 300, 766, 767, 2_000})
  void readsOfIdsWhatItReadsOfTheText(int words) {
    String text = "good " + "film ".repeat(words - 1);
    int[] ids = emitted(SMALL, text);
    assertThat(ids).hasSize(words + 2);
    for (SwarmFormerConfig model : new SwarmFormerConfig[] {SMALL, BASE}) {
      TokenizedRow ofText = reader(model, false).read(RowFactory.create("r", text, false, null));
      TokenizedRow ofIds = reader(model, true).read(ofIds(ids));
      assertThat(ofIds.tokens().ids()).isEqualTo(ofText.tokens().ids());
      assertThat(ofIds.tokens().truncated()).isEqualTo(words + 2 > model.seqLen());
      assertThat(ofText.tokens().truncated()).isEqualTo(words + 2 > model.seqLen());
    }
  }

  /** Many tokens for the characters, so that there is no room for them at first. */
  @Test
  void emitsAllIdsOfADenseText() {
    assertThat(emitted(SMALL, "好".repeat(1_000))).hasSize(1_002);
    assertThat(emitted(BASE, "a b c ".repeat(500))).hasSize(1_502);
  }

  @Test
  void emitsTheSameIdsFromAnyModel() {
    String text = "bad ".repeat(1_000);
    assertThat(emitted(SMALL, text)).isEqualTo(emitted(BASE, text)).hasSize(1_002);
  }

  /** As of a text, whose tokens beyond the window are not looked at either. */
  @ParameterizedTest
  @EnumSource(TruncationSide.class)
  void looksOnlyAtTheIdsThatItReads(TruncationSide side) {
    SwarmFormerConfig model = new SwarmFormerConfig(60, 8, 4, 4, 1, 1, List.of(), side);
    int[] cut = side == TruncationSide.LEFT ? new int[] {1, 2} : new int[] {3, 4};
    int[] ids = {11, 12, 13, 14, 15, 16};
    for (int position = 0; position < ids.length; position++) {
      int[] given = ids.clone();
      given[position] = 60;
      TokenizedRow read = reader(model, true).read(ofIds(given));
      if (position == cut[0] || position == cut[1]) {
        assertThat(read.scorable()).isTrue();
        assertThat(read.emitted()).isEqualTo(given);
      } else {
        assertThat(read.error())
            .isEqualTo("ids outside the vocabulary: 60 at position " + position);
      }
    }
  }

  private static int[] emitted(SwarmFormerConfig model, String text) {
    return reader(model, false).read(RowFactory.create("r", text, false, null)).emitted();
  }

  private static RowTokenizer reader(SwarmFormerConfig model, boolean idsGiven) {
    return new RowTokenizer(model, CpuSettings.of(256, idsGiven, true, false), 1);
  }

  private static Row ofIds(int[] ids) {
    return RowFactory.create(
        "r",
        CollectionConverters.asScala(Arrays.stream(ids).boxed().toList()).toSeq(),
        false,
        null);
  }
}
