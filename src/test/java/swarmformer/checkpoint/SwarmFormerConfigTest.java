package swarmformer.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.tokens.TruncationSide;

class SwarmFormerConfigTest {
  private static final String SIZES =
      "\"vocab_size\": 60, \"d_model\": 16, \"seq_len\": 96, \"cluster_size\": 4,"
          + " \"num_layers\": 2, \"T_local\": 3";

  @Test
  void readsEveryKey() {
    assertThat(parse("{" + SIZES + ", \"id2label\": {\"1\": \"good\", \"0\": \"bad\"}}"))
        .isEqualTo(new SwarmFormerConfig(60, 16, 96, 4, 2, 3, List.of("bad", "good")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", \"id2label\": null", ", \"id2label\": {}"})
  void classNamesAreOptional(String labels) {
    assertThat(parse("{" + SIZES + labels + "}").classNames()).isEmpty();
  }

  @Test
  void readsTheEndThatIsCutOff() {
    assertThat(parse("{" + SIZES + "}").truncationSide()).isEqualTo(TruncationSide.RIGHT);
    assertThat(parse("{" + SIZES + ", \"truncation_side\": \"right\"}").truncationSide())
        .isEqualTo(TruncationSide.RIGHT);
    assertThat(parse("{" + SIZES + ", \"truncation_side\": null}").truncationSide())
        .isEqualTo(TruncationSide.RIGHT);
    SwarmFormerConfig left = parse("{" + SIZES + ", \"truncation_side\": \"left\"}");
    assertThat(left.truncationSide()).isEqualTo(TruncationSide.LEFT);
    assertThat(text(left)).contains("\"truncation_side\": \"left\"");
    assertThat(parse(text(left))).isEqualTo(left);
    assertThatThrownBy(() -> parse("{" + SIZES + ", \"truncation_side\": \"both\"}"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("truncation_side is \"both\", not \"right\" or \"left\".");
  }

  @Test
  void ignoresUnknownKeys() {
    String unknown = ", \"architectures\": [\"X\"], \"nested\": {\"a\": [1.5, null]}}";
    assertThat(parse("{" + SIZES + unknown).dModel()).isEqualTo(16);
  }

  @Test
  void knowsPublishedCheckpoints() {
    assertThat(SwarmFormerConfig.published("takara-ai/SwarmFormer-Sentiment-Small"))
        .contains(new SwarmFormerConfig(30_522, 128, 256, 8, 2, 3, List.of()));
    assertThat(SwarmFormerConfig.published("takara-ai/SwarmFormer-Sentiment-Base"))
        .contains(new SwarmFormerConfig(30_522, 192, 768, 4, 2, 3, List.of()));
    assertThat(SwarmFormerConfig.published("takara-ai/other")).isEmpty();
  }

  @Test
  void writesTheSameKeysInOrder() {
    assertThat(text(new SwarmFormerConfig(60, 16, 96, 4, 2, 3, List.of("bad", "góod"))))
        .isEqualTo(
            """
            {
              "vocab_size": 60,
              "d_model": 16,
              "seq_len": 96,
              "cluster_size": 4,
              "num_layers": 2,
              "T_local": 3,
              "id2label": {
                "0": "bad",
                "1": "góod"
              }
            }
            """);
  }

  @Test
  void leavesAbsentClassNamesOut() {
    assertThat(text(parse("{" + SIZES + "}"))).doesNotContain("id2label");
  }

  @Test
  void readsWhatItWrites() {
    SwarmFormerConfig config = new SwarmFormerConfig(60, 16, 96, 4, 2, 3, List.of("a\"", "b"));
    assertThat(SwarmFormerConfig.parse(config.toJson(), "c")).isEqualTo(config);
  }

  @Test
  void survivesJavaSerialization() throws Exception {
    SwarmFormerConfig config = new SwarmFormerConfig(60, 16, 96, 4, 2, 3, List.of("a", "b"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(config);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(config);
    }
  }

  @Test
  void cannotBeMadeInvalid() {
    assertThatThrownBy(() -> new SwarmFormerConfig(60, 0, 97, 4, 2, 3, List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot use this configuration: d_model is 0, not a whole number from 1 to 8192;"
                + " seq_len is 97, not divisible by cluster_size 4. Correct the values.");
  }

  @Test
  void takesSizesUpToTheLargest() {
    assertThat(
            new SwarmFormerConfig(65_535, 8_192, 65_536, 65_536, 1_000, 1_000, List.of()).dModel())
        .isEqualTo(8_192);
    assertThat(new SwarmFormerConfig(10_000_000, 53, 3, 1, 1, 1, List.of()).vocabSize())
        .isEqualTo(10_000_000);
  }

  /** Of a text, [CLS] and [SEP] are read whatever its length: two positions leave no token. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void refusesAWindowWithoutRoomForAToken(int length) {
    assertThatThrownBy(() -> new SwarmFormerConfig(60, 16, length, 1, 2, 3, List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot use this configuration: seq_len is %s, not a whole number from 3 to 65536. Correct the values."
                .formatted(length));
  }

  /** 65,536 × 8,192 × 4 bytes are 2 GiB; a Java array holds one byte less. */
  @Test
  void refusesAnEmbeddingOfTwoGigabytes() {
    assertThatThrownBy(() -> new SwarmFormerConfig(65_536, 8_192, 8, 4, 1, 1, List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot use this configuration: vocab_size times d_model is 536870912,"
                + " more than 2 GB of float32 weights. Correct the values.");
  }

  private static SwarmFormerConfig parse(String json) {
    return SwarmFormerConfig.parse(json.getBytes(UTF_8), "config.json");
  }

  private static String text(SwarmFormerConfig config) {
    return new String(config.toJson(), UTF_8);
  }

  @Test
  void namesClassesAsUsualWhereItHasNoNames() {
    SwarmFormerConfig config = new SwarmFormerConfig(10, 4, 8, 2, 1, 1, List.of());
    assertThat(config.classNames(2)).containsExactly("negative", "positive");
    assertThat(config.classNames(3)).containsExactly("class 0", "class 1", "class 2");
    SwarmFormerConfig named = new SwarmFormerConfig(10, 4, 8, 2, 1, 1, List.of("bad", "good"));
    assertThat(named.classNames(2)).containsExactly("bad", "good");
  }

  @Test
  void listsHyperParametersInTheOrderOfTheFile() {
    SwarmFormerConfig config = new SwarmFormerConfig(10, 4, 8, 2, 1, 3, List.of());
    assertThat(config.hyperParameters())
        .containsExactly(
            Map.entry("vocab_size", 10L),
            Map.entry("d_model", 4L),
            Map.entry("seq_len", 8L),
            Map.entry("cluster_size", 2L),
            Map.entry("num_layers", 1L),
            Map.entry("T_local", 3L));
  }
}
