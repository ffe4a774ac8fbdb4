package swarmformer.checkpoint;

import java.nio.ByteBuffer;

/** How a tensor stores a value. Only these are read. */
public enum Dtype {
  /** IEEE 754 binary32. */
  F32,
  /** IEEE 754 binary16. */
  F16,
  /** The upper half of a binary32. */
  BF16;

  /** Bytes of one value. */
  public int bytes() {
    return this == F32 ? Float.BYTES : Short.BYTES;
  }

  /** The value at a byte offset, without loss. */
  float value(ByteBuffer littleEndian, int at) {
    return switch (this) {
      case F32 -> littleEndian.getFloat(at);
      case F16 -> halfToFloat(littleEndian.getShort(at));
      case BF16 -> Float.intBitsToFloat(littleEndian.getShort(at) << 16);
    };
  }

  /** Exact for all bit patterns; Java has it from version 20 on. */
  private static float halfToFloat(short bits) {
    int sign = bits & 0x8000;
    int exponent = bits >>> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      float subnormal = fraction * 0x1p-24f;
      return sign == 0 ? subnormal : -subnormal;
    }
    int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign << 16 | wide << 23 | fraction << 13);
  }
}
