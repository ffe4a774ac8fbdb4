package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import swarmformer.LocalSpark;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.models.Checkpoints;
import swarmformer.tokens.TokenizerKind;

final class LeaveOneOutIT {
  private static ModelFiles model;

  @BeforeAll
  static void readModel() {
    model = new Checkpoints(new Configuration(), Map.of()).read("small-imdb");
  }

  private static LeaveOneOut.Tip tip(String text, int prediction) {
    return new LeaveOneOut(LocalSpark.session(), model, "cpu", "float32")
        .of(List.of(new LeaveOneOut.Predicted(text, prediction)))
        .get(0);
  }

  @Test
  void findsTheSentenceAndTheWords() {
    LeaveOneOut.Tip tip =
        tip("We went on a Tuesday. It was a wonderful film. The hall was half full.", 1);
    assertThat(tip.sentence()).isEqualTo("It was a wonderful film.");
    assertThat(tip.words()).first().isEqualTo("wonderful");
    assertThat(tip.probability()).isBetween(0.0, 0.9);
  }

  @Test
  void ofOneSentenceItFindsTheWords() {
    LeaveOneOut.Tip tip = tip("A boring film", 0);
    assertThat(tip.sentence()).isNull();
    assertThat(tip.probability()).isNull();
    assertThat(tip.words()).first().isEqualTo("boring");
    assertThat(tip.read()).isEqualTo("A boring film");
  }

  /** The model keeps the end. */
  @Test
  void readsAsManyWordsOfALongTextAsFit() {
    SwarmFormerConfig config = SwarmFormerConfig.parse(model.config(), model.name());
    String read = tip("word ".repeat(600) + "A dull film. It ends here.", 0).read();
    var tokenizer = TokenizerKind.FAST.tokenizer(config.seqLen(), config.truncationSide());
    assertThat(read).endsWith("word A dull film. It ends here.");
    assertThat(tokenizer.apply(read).truncated()).isFalse();
    assertThat(tokenizer.apply("word " + read).truncated()).isTrue();
  }

  /** Chinese is written without spaces, and each character is a token. */
  @Test
  void readsAsManyCharactersOfALongWordAsFit() {
    SwarmFormerConfig config = SwarmFormerConfig.parse(model.config(), model.name());
    String text = "好".repeat(600) + "坏";
    LeaveOneOut.Tip tip = tip(text, 0);
    assertThat(tip.read()).hasSize(config.seqLen() - 2).isEqualTo(text.substring(601 - 254));
    assertThat(tip.sentence()).isNull();
  }
}
