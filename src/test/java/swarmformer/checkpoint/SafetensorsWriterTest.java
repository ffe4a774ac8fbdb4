package swarmformer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import swarmformer.checkpoint.Safetensors.Tensor;
import swarmformer.checkpoint.Weights.Weight;

class SafetensorsWriterTest {
  private static final List<Weight> TENSORS =
      List.of(
          new Weight("matrix", List.of(2L, 3L), new float[] {1, -2, 0.5f, 0, 4, -0.25f}),
          new Weight("none", List.of(0L, 3L), new float[] {}),
          new Weight("scalar", List.of(), new float[] {7}));

  @ParameterizedTest
  @EnumSource
  void writesWhatIsReadBack(Dtype dtype) {
    byte[] file = SafetensorsWriter.write(TENSORS, dtype);
    List<Tensor> read = List.copyOf(Safetensors.parse(file, "w.safetensors").tensors().values());
    assertThat(read).hasSameSizeAs(TENSORS);
    for (int i = 0; i < TENSORS.size(); i++) {
      assertThat(read.get(i).name()).isEqualTo(TENSORS.get(i).name());
      assertThat(read.get(i).dtype()).isEqualTo(dtype);
      assertThat(read.get(i).shape()).isEqualTo(TENSORS.get(i).shape());
      assertThat(read.get(i).toFloats()).isEqualTo(TENSORS.get(i).values());
    }
  }

  @Test
  void writesTheHeaderThatPyTorchAsksFor() {
    assertThat(header(SafetensorsWriter.write(TENSORS, Dtype.F16)))
        .isEqualToIgnoringWhitespace(
            """
            {"__metadata__": {"format": "pt"},
             "matrix": {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]},
             "none": {"dtype": "F16", "shape": [0, 3], "data_offsets": [12, 12]},
             "scalar": {"dtype": "F16", "shape": [], "data_offsets": [12, 14]}}
            """);
  }

  @Test
  void alignsTheData() {
    for (String name :
        List.of("w", "we", "wei", "weig", "weigh", "weight", "weights", "gewicht-é")) {
      Weight tensor = new Weight(name, List.of(1L), new float[] {1});
      String header = header(SafetensorsWriter.write(List.of(tensor), Dtype.F32));
      int bytes = header.getBytes(StandardCharsets.UTF_8).length;
      assertThat(bytes % 8).as(name).isZero();
      assertThat(bytes - header.strip().getBytes(StandardCharsets.UTF_8).length).isLessThan(8);
    }
  }

  private static String header(byte[] file) {
    long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return new String(file, Long.BYTES, Math.toIntExact(length), StandardCharsets.UTF_8);
  }
}
