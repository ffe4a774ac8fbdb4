package swarmformer.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigJsonTest {
  private static final String SIZES =
      "\"vocab_size\": 60, \"d_model\": 16, \"seq_len\": 96, \"cluster_size\": 4,"
          + " \"num_layers\": 2, \"T_local\": 3";
  private static final String ADVICE =
      ". Give it the vocab_size, d_model, seq_len, cluster_size, num_layers and T_local"
          + " of the training run.";

  @Test
  void listsEverythingMissing() {
    refuses(
        "{}",
        "vocab_size is missing; d_model is missing; seq_len is missing;"
            + " cluster_size is missing; num_layers is missing; T_local is missing");
  }

  @Test
  void listsEverythingWrong() {
    refuses(
        "{\"vocab_size\": \"60\", \"d_model\": -16, \"seq_len\": 97, \"cluster_size\": 4,"
            + " \"num_layers\": 2.0, \"id2label\": {\"0\": 5}}",
        "vocab_size is \"60\", not a whole number from 1 to 10000000;"
            + " num_layers is 2.0, not a whole number from 1 to 1000;"
            + " T_local is missing;"
            + " id2label gives class 0 the name 5, not a text;"
            + " d_model is -16, not a whole number from 1 to 8192;"
            + " seq_len is 97, not divisible by cluster_size 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "8193",
        "2147483648",
        "9223372036854775808",
        "1e1",
        "true",
        "null",
        "[16]"
      })
  void refusesWidth(String width) {
    refuses(
        "{" + SIZES.replace("16", width) + "}",
        "d_model is " + width.replace("1e1", "10.0") + ", not a whole number from 1 to 8192");
  }

  @Test
  void refusesEmbeddingBeyondTwoGigabytes() {
    refuses(
        "{" + SIZES.replace("60", "10000000").replace("16", "8192") + "}",
        "vocab_size times d_model is 81920000000, more than 2 GB of float32 weights");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                                | id2label is [], not an object from \"0\" to a name",
        "{\"1\": \"a\"}                    | id2label has keys '1', which do not count from 0",
        "{\"0\": \"a\", \"2\": \"b\"}      | id2label has keys '0', '2', which do not count from 0",
        "{\"00\": \"a\"}                   | id2label has keys '00', which do not count from 0",
        "{\"0\": null}                     | id2label gives class 0 the name null, not a text",
        "{\"0\": \" \"}                    | id2label has a blank class name",
        "{\"0\": \"a\", \"1\": \"a\"}      | id2label gives two classes the same name"
      })
  void refusesClassNames(String labels, String why) {
    refuses("{" + SIZES + ", \"id2label\": " + labels + "}", why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n"})
  void saysThatTheFileIsEmpty(String json) {
    refuses(json, "the file is empty");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[1] | [1]", "null | null", "60 | 60"})
  void refusesOtherThanAnObject(String json, String shown) {
    refuses(json, "it is " + shown + ", not a JSON object");
  }

  @Test
  void refusesByteOrderMark() {
    refuses(
        "\uFEFF{" + SIZES + "}", "it begins with a byte order mark (save it as UTF-8 without one)");
    refuses("\uFEFF", "it begins with a byte order mark (save it as UTF-8 without one)");
  }

  @Test
  void refusesOtherEncodings() {
    refuses(("{" + SIZES + ", \"x\": \"é\"}").getBytes(ISO_8859_1), "it is not UTF-8");
    refuses(("{" + SIZES + "}").getBytes(UTF_16), "it is not UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"d_model\": 1, \"d_model\": 1} | Duplicate",
        "{} {}                            | Trailing token",
        "{\"d_model\": 1,}                | Unexpected character",
        "{\"d_model\": NaN}               | NaN",
        "{\"d_model\": 1                  | Unexpected end-of-input",
      })
  void refusesBrokenJson(String json, String why) {
    refusesWith(json, "it is not valid JSON (", why);
  }

  @Test
  void refusesNestingBomb() {
    refusesWith("{\"a\":".repeat(50_000), "nesting depth");
    refusesWith("[".repeat(50_000), "nesting depth");
  }

  @Test
  void refusesHugeFile() {
    refuses(" ".repeat((1 << 20) + 1), "it has 1048577 bytes, more than 1048576");
  }

  @Test
  void readsTheLargestFileThatItTakes() {
    String json = "{" + SIZES + "}";
    assertThat(parse(json + " ".repeat((1 << 20) - json.length())).dModel()).isEqualTo(16);
  }

  private static SwarmFormerConfig parse(String json) {
    return SwarmFormerConfig.parse(json.getBytes(UTF_8), "config.json");
  }

  private static void refuses(String json, String why) {
    refuses(json.getBytes(UTF_8), why);
  }

  private static void refuses(byte[] json, String why) {
    assertThatThrownBy(() -> SwarmFormerConfig.parse(json, "config.json"))
        .isInstanceOf(ModelException.class)
        .hasMessage("Cannot read the configuration from config.json: " + why + ADVICE);
  }

  private static void refusesWith(String json, String... parts) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("Cannot read the configuration from config.json: ")
        .hasMessageContainingAll(parts)
        .hasMessageEndingWith(ADVICE);
  }
}
