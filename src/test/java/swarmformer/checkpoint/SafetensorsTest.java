package swarmformer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import swarmformer.checkpoint.Safetensors.Tensor;

class SafetensorsTest {
  @ParameterizedTest
  @EnumSource
  void readsEveryDtype(Dtype dtype) {
    Tensor tensor = only(SafetensorsFiles.file().tensor("w", dtype, List.of(2L, 2L), 1, -2, 0, 3));
    assertThat(tensor.name()).isEqualTo("w");
    assertThat(tensor.dtype()).isEqualTo(dtype);
    assertThat(tensor.shape()).containsExactly(2L, 2L);
    assertThat(tensor.toFloats()).containsExactly(1, -2, 0, 3);
  }

  @Test
  void keepsTheOrderOfTheBytes() {
    String header =
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
            + "\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[8,10]},"
            + "\"c\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    assertThat(parse(SafetensorsFiles.raw(header, 10)).tensors().keySet())
        .containsExactly("c", "b", "a");
  }

  @Test
  void readsScalar() {
    assertThat(only(SafetensorsFiles.file().tensor("s", Dtype.F32, List.of(), 5)).toFloats())
        .containsExactly(5);
  }

  @Test
  void readsTensorWithoutValues() {
    Tensor tensor = only(SafetensorsFiles.file().tensor("z", Dtype.F32, List.of(0L, 9L)));
    assertThat(tensor.shape()).containsExactly(0L, 9L);
    assertThat(tensor.toFloats()).isEmpty();
  }

  @Test
  void readsTensorWithoutValuesWhereAnotherBegins() {
    String header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"z\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}";
    assertThat(parse(SafetensorsFiles.raw(header, 4)).tensors().keySet()).containsExactly("z", "w");
  }

  @Test
  void readsFileWithoutTensors() {
    assertThat(parse(SafetensorsFiles.raw("{}", 0)).tensors()).isEmpty();
  }

  @Test
  void ignoresMetadata() {
    SafetensorsFiles file = SafetensorsFiles.file().metadata("format", "pt");
    assertThat(only(file.tensor("w", Dtype.F32, List.of(1L), 2)).toFloats()).containsExactly(2);
  }

  @Test
  void readsNamesOfAnyScript() {
    Tensor tensor = only(SafetensorsFiles.file().tensor("gewicht-é😀", Dtype.F32, List.of(1L), 2));
    assertThat(tensor.name()).isEqualTo("gewicht-é😀");
  }

  @Test
  void acceptsHeaderLengthThatLooksLikeText() {
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    byte[] file = SafetensorsFiles.raw(header + " ".repeat('<' - header.length()), 4);
    assertThat(file[0]).isEqualTo((byte) '<');
    assertThat(parse(file).tensors()).hasSize(1);
  }

  @Test
  void dataIsReadOnlyLittleEndianAndFreshEachTime() {
    Tensor tensor = only(SafetensorsFiles.file().tensor("w", Dtype.F32, List.of(1L), 2));
    assertThat(tensor.data().getFloat()).isEqualTo(2);
    assertThat(tensor.data().getFloat()).isEqualTo(2);
    assertThat(tensor.data().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThatThrownBy(() -> tensor.data().putFloat(1)).isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void tensorsCannotBeChanged() {
    var tensors = parse(SafetensorsFiles.raw("{}", 0)).tensors();
    assertThatThrownBy(tensors::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  private static Tensor only(SafetensorsFiles file) {
    var tensors = parse(file.bytes()).tensors();
    assertThat(tensors).hasSize(1);
    return tensors.values().iterator().next();
  }

  private static Safetensors parse(byte[] file) {
    return Safetensors.parse(file, "w.safetensors");
  }
}
