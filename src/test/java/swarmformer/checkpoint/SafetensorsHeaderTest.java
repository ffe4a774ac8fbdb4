package swarmformer.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsHeaderTest extends SafetensorsRefusalBase {
  @Test
  void refusesHeaderThatIsNotUtf8() {
    byte[] header = "{\"é\":1}".getBytes(ISO_8859_1);
    refuses(SafetensorsFiles.raw(header, new byte[0]), "the header is not UTF-8" + ADVICE);
  }

  @Test
  void refusesUtf16Header() {
    byte[] header = "{}".getBytes(UTF_16LE);
    refusesWith(SafetensorsFiles.raw(header, new byte[0]), "the header is not valid JSON (");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"text\"", "null", "   "})
  void refusesHeaderThatIsNotAnObject(String header) {
    refusesHeader(header, 0, "the header is not a JSON object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"a\"",
        "{\"a\":",
        "{'a':1}",
        "{\"a\":01}",
        "{}/**/",
        "\uFEFF{}",
        "{\"a\":tru}"
      })
  void refusesBrokenJson(String header) {
    refusesWith(SafetensorsFiles.raw(header, 0), "the header is not valid JSON (");
  }

  @Test
  void saysWhereJsonIsBroken() {
    refusesWith(SafetensorsFiles.raw("{\n \"a\": x}", 0), "line 2, column ");
  }

  @Test
  void refusesSecondDocument() {
    refusesHeader("{}{}", 0, "the header goes on behind its closing brace");
  }

  @Test
  void refusesDuplicateTensor() {
    String entry = entry("F32", "[0]", "[0,0]");
    refusesWith(SafetensorsFiles.raw("{\"a\":" + entry + ",\"a\":" + entry + "}", 0), "Duplicate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"dtype\":\"F32\"", "\"shape\":[0]", "\"data_offsets\":[0,0]"})
  void refusesDuplicateKeyOfTensor(String again) {
    String entry = entry("F32", "[0]", "[0,0]").replace("}", "," + again + "}");
    refusesWith(SafetensorsFiles.raw("{\"a\":" + entry + "}", 0), "Duplicate");
  }

  @Test
  void refusesDuplicateKeyOfMetadata() {
    refusesWith(SafetensorsFiles.raw("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0), "Duplicate");
  }

  @Test
  void refusesNestingBombs() {
    refusesHeader("{\"a\":".repeat(100_000), 0, "tensor 'a' has an unknown key 'a'");
    refusesHeader("[".repeat(100_000), 0, "the header is not a JSON object");
    refusesTensor(
        "F32",
        "[".repeat(100_000),
        "[0,0]",
        0,
        "has a shape with '[', not a whole number from 0 to 2147483647");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                | is not an object",
        "null              | is not an object",
        "'{\"a\":1}'       | gives 'a' a value, not a text",
        "'{\"a\":null}'    | gives 'a' a value, not a text",
        "'{\"a\":{}}'      | gives 'a' a value, not a text"
      })
  void refusesMetadataOtherThanTexts(String metadata, String why) {
    refusesHeader("{\"__metadata__\":" + metadata + "}", 0, "__metadata__ " + why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "[]", "\"F32\""})
  void refusesTensorThatIsNotAnObject(String tensor) {
    refusesHeader("{\"w\":" + tensor + "}", 0, "tensor 'w' is not an object");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{\"shape\":[0],\"data_offsets\":[0,0]}'                            | has no dtype",
        "'{\"dtype\":\"F32\",\"data_offsets\":[0,0]}'                        | has no shape",
        "'{\"dtype\":\"F32\",\"shape\":[0]}'                                 | has no data_offsets",
        "'{}'                                                                | has no dtype",
        "'{\"dtype\":null}'                           | has a dtype that is not a text",
        "'{\"shape\":null}'                           | has a shape that is not a list",
        "'{\"data_offsets\":null}'                    | has a data_offsets that is not a list",
        "'{\"data_offsets\":{\"begin\":0}}'           | has a data_offsets that is not a list",
        "'{\"strides\":[1]}'                          | has an unknown key 'strides'"
      })
  void refusesIncompleteTensor(String tensor, String why) {
    refusesHeader("{\"w\":" + tensor + "}", 0, "tensor 'w' " + why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"F64", "I64", "U8", "BOOL", "F8_E4M3", "f32", "", "float32"})
  void refusesOtherDtypes(String dtype) {
    refuses(
        SafetensorsFiles.raw("{\"w\":" + entry(dtype, "[0]", "[0,0]") + "}", 0),
        "tensor 'w' has dtype '"
            + dtype
            + "'; F32, F16 and BF16 are read."
            + " Convert it with tensor.to(torch.float32) and safetensors.torch.save_file.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "1.5",
        "1.0",
        "1e3",
        "2147483648",
        "9223372036854775808",
        "true",
        "null",
        "1"
      })
  void refusesNumbersThatAreNotWhole(String number) {
    String shown = number.equals("1") ? "\"1\"" : number;
    String why = " with '" + number + "', not a whole number from 0 to 2147483647";
    refusesTensor("F32", "[" + shown + "]", "[0,0]", 0, "has a shape" + why);
    refusesTensor("F32", "[1]", "[0," + shown + "]", 0, "has a data_offsets" + why);
  }

  @Test
  void showsHostileNamesOnOneShortLine() {
    String name = "x\\n\\u001b[31m\\u202e" + "y".repeat(500);
    refusesWith(
        SafetensorsFiles.raw("{\"" + name + "\":1}", 0),
        "tensor 'x??[31m?" + "y".repeat(92) + "...' is not an object");
  }

  private static void refusesWith(byte[] file, String part) {
    assertThatThrownBy(() -> Safetensors.parse(file, "w.safetensors"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("Cannot read weights from w.safetensors: ")
        .hasMessageContaining(part)
        .hasMessageEndingWith(ADVICE);
  }
}
