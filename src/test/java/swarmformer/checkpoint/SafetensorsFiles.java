package swarmformer.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes safetensors files for tests: valid ones tensor by tensor, broken ones from any header. */
public final class SafetensorsFiles {
  private final List<String> entries = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** Begins an empty file. */
  public static SafetensorsFiles file() {
    return new SafetensorsFiles();
  }

  /** A file with random weights for a configuration: small numbers of mean 0 from a fixed seed. */
  public static byte[] model(SwarmFormerConfig config, int classes, Dtype dtype) {
    SafetensorsFiles file = file();
    Random random = new Random(7);
    for (WeightNames.Shaped tensor : WeightNames.inModelOrder(config, classes)) {
      file.random(tensor.name(), dtype, tensor.shape(), random);
    }
    return file.bytes();
  }

  /** The files of a model with random weights for a configuration, as {@link #model} gives them. */
  public static ModelFiles files(String name, SwarmFormerConfig config, int classes, Dtype dtype) {
    return ModelFiles.of(name, config.toJson(), model(config, classes, dtype));
  }

  /** A checkpoint with random weights for a configuration, as {@link #model} gives them. */
  public static Checkpoint checkpoint(SwarmFormerConfig config, int classes, Dtype dtype) {
    return Checkpoint.parse(files("test", config, classes, dtype));
  }

  /** A whole file of this header and this data; neither needs to make sense. */
  public static byte[] raw(byte[] header, byte[] data) {
    return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }

  /** A whole file of this header and that many bytes of zeros behind it. */
  public static byte[] raw(String header, int dataBytes) {
    return raw(header.getBytes(StandardCharsets.UTF_8), new byte[dataBytes]);
  }

  /** Adds a key and a text to the metadata. Call it once at most. */
  public SafetensorsFiles metadata(String key, String text) {
    entries.add("\"__metadata__\":{\"%s\":\"%s\"}".formatted(key, text));
    return this;
  }

  /** Adds a tensor behind those already there; values are rounded to the nearest of the type. */
  public SafetensorsFiles tensor(String name, Dtype dtype, List<Long> shape, float... values) {
    int begin = data.size();
    data.writeBytes(encoded(dtype, values));
    entries.add(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
            .formatted(name, dtype, shape, begin, data.size()));
    return this;
  }

  /** Adds a tensor of random values of mean 0 and deviation 0.1. */
  public SafetensorsFiles random(String name, Dtype dtype, List<Long> shape, Random random) {
    long size = shape.stream().reduce(1L, (product, dimension) -> product * dimension);
    float[] values = new float[Math.toIntExact(size)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.1 * random.nextGaussian());
    }
    return tensor(name, dtype, shape, values);
  }

  /** The file, its header padded with spaces to a multiple of 8 bytes. */
  public byte[] bytes() {
    StringBuilder header = new StringBuilder("{" + String.join(",", entries) + "}");
    while (header.toString().getBytes(StandardCharsets.UTF_8).length % 8 != 0) {
      header.append(' ');
    }
    return raw(header.toString().getBytes(StandardCharsets.UTF_8), data.toByteArray());
  }

  private static byte[] encoded(Dtype dtype, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (dtype) {
        case F32 -> bytes.putFloat(value);
        case F16 -> bytes.putShort(half(value));
        case BF16 -> bytes.putShort(upperHalf(value));
      }
    }
    return bytes.array();
  }

  /** To the nearest binary16, ties to even; what is too large becomes infinite. */
  static short half(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    int exponent = Math.max(Math.getExponent(value), -14);
    // Counts steps of the binary16 around it: from 1024 on they carry into the exponent.
    double exactSteps = Math.rint(Math.scalb((double) Math.abs(value), 10 - exponent));
    int steps = (int) Math.min(exactSteps, 0x7c00);
    int bits = steps < 1024 ? steps : ((exponent + 14) << 10) + steps;
    return (short) (sign | Math.min(bits, 0x7c00));
  }

  /** To the nearest bfloat16, ties to even. */
  static short upperHalf(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16);
    }
    int roundUp = 0x7fff + (bits >>> 16 & 1);
    return (short) ((bits + roundUp) >>> 16);
  }
}
