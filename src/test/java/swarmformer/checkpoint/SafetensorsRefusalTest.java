package swarmformer.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsRefusalTest extends SafetensorsRefusalBase {
  @Test
  void refusesEmptyFile() {
    refuses(new byte[0], "the file is empty" + ADVICE);
  }

  @Test
  void refusesFileShorterThanItsLengthField() {
    refuses(new byte[7], "the file has 7 bytes, fewer than the 8 of its header's length" + ADVICE);
  }

  @Test
  void refusesFileThatIsOnlyALengthField() {
    refuses(
        new byte[8], "the file claims a header of 0 bytes, but a header has at least 2" + ADVICE);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, but a header has at least 2",
    "3, 3, but only 2 follow",
    "100000000, 100000000, but only 2 follow",
    "100000001, 100000001, but at most 100000000 are read",
    "-1, 18446744073709551615, but at most 100000000 are read",
    "9223372036854775807, 9223372036854775807, but at most 100000000 are read"
  })
  void refusesHeaderLength(long length, String shown, String why) {
    byte[] file =
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put("{}".getBytes(ISO_8859_1))
            .array();
    refuses(file, "the file claims a header of " + shown + " bytes, " + why + ADVICE);
  }

  @Test
  void recognisesGitLfsPointer() {
    refuses(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\n".getBytes(ISO_8859_1),
        "it is a Git LFS pointer, not the weights. Fetch them with 'git lfs pull'.");
  }

  @Test
  void recognisesWebPage() {
    refuses(
        "<!DOCTYPE html><html></html>".getBytes(ISO_8859_1),
        "it is a web page, not the weights. Download the file itself from its address.");
  }

  @Test
  void recognisesZipArchive() {
    refuses(
        "PK\u0003\u0004\0\0\b\b\0\0".getBytes(ISO_8859_1),
        "it is a zip archive, such as torch.save writes. "
            + "Convert it with torch.load and safetensors.torch.save_file.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[536870912]", "[65536,65536]", "[2147483647,2147483647,2147483647]"})
  void refusesShapeThatOverflows(String shape) {
    refusesTensor(
        "F32", shape, "[0,0]", 0, "has shape " + shape.replace(",", ", ") + ", more than 2 GB");
  }

  @Test
  void refusesShapeOfTooManyDimensions() {
    String shape = "[" + "1,".repeat(64) + "1]";
    refusesTensor("F32", shape, "[0,4]", 4, "has a shape of more than 64 numbers");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]      | [], not a begin and an end",
        "[0]     | [0], not a begin and an end",
        "[0,4,4] | [0, 4, 4], not a begin and an end",
        "[4,0]   | [4, 0], which are reversed",
        "[0,5]   | [0, 5], past the 4 bytes of data",
        "[5,5]   | [5, 5], past the 4 bytes of data",
        "[0,3]   | [0, 3]: 3 bytes, but F32 [1] takes 4",
        "[1,4]   | [1, 4]: 3 bytes, but F32 [1] takes 4",
        "[0,0]   | [0, 0]: 0 bytes, but F32 [1] takes 4"
      })
  void refusesOffsets(String offsets, String why) {
    refusesTensor("F32", "[1]", offsets, 4, "has data_offsets " + why);
  }

  @Test
  void refusesFileThatCrashesTheEngine() {
    refusesTensor("F32", "[1073741824]", "[0,0]", 0, "has shape [1073741824], more than 2 GB");
  }

  @Test
  void refusesOverlap() {
    refusesPair(
        "[0,4]", "[2,6]", 6, "tensor 'b' begins at byte 2 of the data, not at byte 4: an overlap");
    refusesPair(
        "[0,4]", "[0,4]", 4, "tensor 'b' begins at byte 0 of the data, not at byte 4: an overlap");
  }

  @Test
  void refusesHole() {
    refusesPair(
        "[0,4]", "[6,10]", 10, "tensor 'b' begins at byte 6 of the data, not at byte 4: a hole");
    refusesPair(
        "[2,6]", "[6,10]", 10, "tensor 'a' begins at byte 2 of the data, not at byte 0: a hole");
  }

  @Test
  void refusesTrailingBytes() {
    refusesPair("[0,4]", "[4,8]", 9, "1 bytes follow the last tensor");
    refusesHeader("{}", 3, "3 bytes follow the last tensor");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesWeightsThatAreNotFinite(float bad) {
    for (Dtype dtype : Dtype.values()) {
      refuses(
          SafetensorsFiles.file()
              .tensor("good", dtype, List.of(1L), 1)
              .tensor("bad", dtype, List.of(3L), bad, 1, bad)
              .tensor("worse", dtype, List.of(2L), bad, bad)
              .bytes(),
          "weights are NaN or infinite: 'bad' holds 2 of 3; 'worse' holds 2 of 2."
              + " Use a checkpoint from before the training diverged.");
    }
  }

  @Test
  void refusesTruncatedFile() {
    byte[] file = SafetensorsFiles.file().tensor("w", Dtype.F32, List.of(2L), 1, 2).bytes();
    refuses(
        Arrays.copyOf(file, file.length - 1),
        "tensor 'w' has data_offsets [0, 8], past the 7 bytes of data" + ADVICE);
  }

  @Test
  void refusesTooManyTensors() {
    String entry = entry("F32", "[0]", "[0,0]");
    String tensors = numbered(100_001, entry);
    refusesHeader("{" + tensors + "}", 0, "it has more than 100000 tensors");
  }

  @Test
  void refusesTooMuchMetadata() {
    String texts = numbered(100_001, "\"\"");
    refusesHeader(
        "{\"__metadata__\":{" + texts + "}}", 0, "__metadata__ has more than 100000 keys");
  }

  private static String numbered(int count, String value) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"" + i + "\":" + value)
        .collect(Collectors.joining(","));
  }

  private static void refusesPair(String first, String second, int dataBytes, String why) {
    String header =
        "{\"a\":" + entry("F32", "[1]", first) + ",\"b\":" + entry("F32", "[1]", second) + "}";
    refusesHeader(header, dataBytes, why);
  }
}
