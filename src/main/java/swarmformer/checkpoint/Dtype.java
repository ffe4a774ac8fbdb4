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

  /** Puts a value, rounded to the nearest, ties to even; what is too large becomes infinite. */
  void put(float value, ByteBuffer littleEndian) {
    switch (this) {
      case F32 -> littleEndian.putFloat(value);
      case F16 -> littleEndian.putShort(floatToHalf(value));
      case BF16 -> {
        int bits = Float.floatToIntBits(value);
        littleEndian.putShort((short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16));
      }
    }
  }

  private static short floatToHalf(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    int exponent = Math.max(Math.getExponent(value), -14);
    // Counts steps of the binary16 around it: from 1024 on they carry into the exponent.
    double steps = Math.rint(Math.scalb((double) Math.abs(value), 10 - exponent));
    int whole = (int) Math.min(steps, 0x7c00);
    int bits = whole < 1024 ? whole : ((exponent + 14) << 10) + whole;
    return (short) (sign | Math.min(bits, 0x7c00));
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
