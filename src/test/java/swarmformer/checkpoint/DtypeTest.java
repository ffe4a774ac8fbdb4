package swarmformer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DtypeTest {
  private static final int PATTERNS = 1 << 16;

  @Test
  void widensEveryF16Exactly() {
    float[] values = allPatterns(Dtype.F16);
    for (int bits = 0; bits < PATTERNS; bits++) {
      Double expected = binary16(bits);
      assertThat((double) values[bits]).as("bits %04x", bits).isEqualTo(expected);
    }
  }

  @Test
  void keepsTheSignOfZeroInF16() {
    float[] values = allPatterns(Dtype.F16);
    assertThat(Float.floatToRawIntBits(values[0x0000])).isEqualTo(0);
    assertThat(Float.floatToRawIntBits(values[0x8000])).isEqualTo(0x80000000);
  }

  @Test
  void widensEveryBf16Exactly() {
    float[] values = allPatterns(Dtype.BF16);
    for (int bits = 0; bits < PATTERNS; bits++) {
      int expected = Float.floatToRawIntBits(Float.intBitsToFloat(bits << 16));
      assertThat(Float.floatToRawIntBits(values[bits])).as("bits %04x", bits).isEqualTo(expected);
    }
  }

  @Test
  void readsF32Unchanged() {
    float[] values = {0f, -0f, Float.MIN_VALUE, -Float.MAX_VALUE, 1.1f};
    ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    var tensor = new Safetensors.Tensor("w", Dtype.F32, List.of(5L), data);
    assertThat(tensor.toFloats()).containsExactly(values);
  }

  @Test
  void testWriterRoundsEveryF16ToItself() {
    float[] values = allPatterns(Dtype.F16);
    for (int bits = 0; bits < PATTERNS; bits++) {
      if (!Float.isNaN(values[bits])) {
        assertThat(SafetensorsFiles.half(values[bits])).isEqualTo((short) bits);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesEveryFiniteValueAsItWasRead(Dtype dtype) {
    if (dtype == Dtype.F32) {
      assertThat(written(dtype, -1.1f)).isEqualTo(Float.floatToRawIntBits(-1.1f));
      return;
    }
    float[] values = allPatterns(dtype);
    for (int bits = 0; bits < PATTERNS; bits++) {
      if (Float.isFinite(values[bits])) {
        assertThat(written(dtype, values[bits])).as("bits %04x", bits).isEqualTo(bits);
      }
    }
  }

  /** Of two neighbours, one has an even pattern; what is as far from both becomes that one. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void writesTheNearestAndOfTwoEquallyNearTheEvenOne(Dtype dtype) {
    float[] values = allPatterns(dtype);
    int sign = PATTERNS / 2;
    for (int bits = 0; Float.isFinite(values[bits + 1]); bits++) {
      float middle = (float) (((double) values[bits] + values[bits + 1]) / 2);
      int even = bits % 2 == 0 ? bits : bits + 1;
      assertThat(written(dtype, middle)).as("bits %04x", bits).isEqualTo(even);
      assertThat(written(dtype, -middle)).as("bits %04x", bits).isEqualTo(sign + even);
      assertThat(written(dtype, Math.nextDown(middle))).as("bits %04x", bits).isEqualTo(bits);
      assertThat(written(dtype, Math.nextUp(middle))).as("bits %04x", bits).isEqualTo(bits + 1);
    }
  }

  @Test
  void writesWhatIsTooLargeAsInfinite() {
    assertThat(written(Dtype.F16, Math.nextDown(65_520f))).isEqualTo(0x7bff);
    assertThat(written(Dtype.F16, 65_520f)).isEqualTo(0x7c00);
    assertThat(written(Dtype.F16, -Float.MAX_VALUE)).isEqualTo(0xfc00);
    assertThat(written(Dtype.BF16, Float.MAX_VALUE)).isEqualTo(0x7f80);
  }

  private static int written(Dtype dtype, float value) {
    ByteBuffer data = ByteBuffer.allocate(dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    dtype.put(value, data);
    assertThat(data.remaining()).isZero();
    return dtype == Dtype.F32 ? data.getInt(0) : Short.toUnsignedInt(data.getShort(0));
  }

  private static float[] allPatterns(Dtype dtype) {
    ByteBuffer data = ByteBuffer.allocate(2 * PATTERNS).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < PATTERNS; bits++) {
      data.putShort((short) bits);
    }
    var tensor = new Safetensors.Tensor("w", dtype, List.of((long) PATTERNS), data.flip());
    return tensor.toFloats();
  }

  /** From the definition: (-1)^s × 2^(e-15) × 1.f, or (-1)^s × 2^-14 × 0.f where e is 0. */
  private static double binary16(int bits) {
    double sign = bits < 0x8000 ? 1 : -1;
    int exponent = bits / 1024 % 32;
    double fraction = bits % 1024 / 1024.0;
    if (exponent == 31) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? sign * Math.pow(2, -14) * fraction
        : sign * Math.pow(2, exponent - 15) * (1 + fraction);
  }
}
