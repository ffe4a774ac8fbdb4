package swarmformer.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import swarmformer.checkpoint.SafetensorsHeader.Entry;

/**
 * The tensors of a safetensors file, read strictly: whatever is ambiguous, unreachable or not a
 * number is refused, before any memory is taken for it. Immutable, if the bytes are left alone.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors {
  private static final int PREFIX_BYTES = Long.BYTES;
  private static final int MAX_HEADER_BYTES = 100_000_000;

  private final Map<String, Tensor> tensors;

  private Safetensors(Map<String, Tensor> tensors) {
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Reads a whole file. Its tensors share the bytes with it; the caller does not change them.
   *
   * @param file the bytes of the file
   * @param origin where the bytes come from, for messages
   * @throws ModelException if anything in the file is not as the format says, if a tensor is
   *     neither F32, F16 nor BF16, or if a weight is NaN or infinite
   */
  public static Safetensors parse(byte[] file, String origin) {
    int headerBytes = headerBytes(file, origin);
    int dataStart = PREFIX_BYTES + headerBytes;
    List<Entry> entries =
        SafetensorsHeader.read(file, PREFIX_BYTES, headerBytes, file.length - dataStart, origin);
    refuseGaps(entries, file.length - dataStart, origin);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      ByteBuffer data = ByteBuffer.wrap(file, dataStart + entry.begin(), entry.bytes());
      tensors.put(
          entry.name(), new Tensor(entry.name(), entry.dtype(), entry.shape(), data.slice()));
    }
    refuseNonFinite(tensors, origin);
    return new Safetensors(tensors);
  }

  /** The tensors by name, in the order of their bytes in the file. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /** A refusal with the usual advice. */
  static ModelException refusal(String origin, String why) {
    return refusal(
        origin, why, "Download the file again, or write it with safetensors.torch.save_file");
  }

  /** A refusal with advice of its own. */
  static ModelException refusal(String origin, String why, String advice) {
    return new ModelException(
        "Cannot read weights from " + origin + ": " + why + ". " + advice + ".");
  }

  private static int headerBytes(byte[] file, String origin) {
    if (file.length < PREFIX_BYTES) {
      throw refusal(
          origin,
          file.length == 0
              ? "the file is empty"
              : "the file has " + file.length + " bytes, fewer than the 8 of its header's length");
    }
    long claimed = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    int rest = file.length - PREFIX_BYTES;
    String claim = "the file claims a header of " + Long.toUnsignedString(claimed) + " bytes, ";
    if (claimed == 0) {
      throw refusal(origin, claim + "but a header has at least 2");
    }
    if (claimed < 0 || claimed > MAX_HEADER_BYTES) {
      refuseOtherFormats(file, origin);
      throw refusal(origin, claim + "but at most " + MAX_HEADER_BYTES + " are read");
    }
    if (claimed > rest) {
      throw refusal(origin, claim + "but only " + rest + " follow");
    }
    return (int) claimed;
  }

  /** Only after the length was refused: a length can look like the start of a text. */
  private static void refuseOtherFormats(byte[] file, String origin) {
    String start =
        new String(file, 0, Math.min(file.length, 40), StandardCharsets.ISO_8859_1).stripLeading();
    if (start.startsWith("version https://git-lfs")) {
      throw refusal(
          origin, "it is a Git LFS pointer, not the weights", "Fetch them with 'git lfs pull'");
    }
    if (start.startsWith("<")) {
      throw refusal(
          origin, "it is a web page, not the weights", "Download the file itself from its address");
    }
    if (start.startsWith("PK\u0003\u0004")) {
      throw refusal(
          origin,
          "it is a zip archive, such as torch.save writes",
          "Convert it with torch.load and safetensors.torch.save_file");
    }
  }

  private static void refuseGaps(List<Entry> entries, int dataBytes, String origin) {
    int filled = 0;
    for (Entry entry : entries) {
      if (entry.begin() != filled) {
        throw refusal(
            origin,
            "tensor %s begins at byte %s of the data, not at byte %s: %s"
                .formatted(
                    ModelException.quoted(entry.name()),
                    entry.begin(),
                    filled,
                    entry.begin() < filled ? "an overlap" : "a hole"));
      }
      filled = entry.end();
    }
    if (filled != dataBytes) {
      throw refusal(origin, "%s bytes follow the last tensor".formatted(dataBytes - filled));
    }
  }

  private static void refuseNonFinite(Map<String, Tensor> tensors, String origin) {
    List<String> found = new ArrayList<>();
    for (Tensor tensor : tensors.values()) {
      int count = tensor.nonFinite();
      if (count > 0) {
        String name = ModelException.quoted(tensor.name());
        found.add("%s holds %s of %s".formatted(name, count, tensor.size()));
      }
    }
    if (!found.isEmpty()) {
      throw refusal(
          origin,
          "weights are NaN or infinite: " + ModelException.listed(found, "; "),
          "Use a checkpoint from before the training diverged");
    }
  }

  /**
   * One tensor.
   *
   * @param name its name in the file
   * @param dtype how its values are stored
   * @param shape its dimensions, outermost first; empty for a scalar
   * @param data its values in row-major order: read-only, little-endian, a fresh view each time
   */
  public record Tensor(String name, Dtype dtype, List<Long> shape, ByteBuffer data) {
    /** Takes the remaining bytes of {@code data}, which stay shared. */
    public Tensor {
      shape = List.copyOf(shape);
      data = data.slice().asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer data() {
      return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The values as floats, without loss. */
    public float[] toFloats() {
      ByteBuffer bytes = data();
      float[] values = new float[size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = dtype.value(bytes, i * dtype.bytes());
      }
      return values;
    }

    private int size() {
      return data.remaining() / dtype.bytes();
    }

    private int nonFinite() {
      ByteBuffer bytes = data();
      int count = 0;
      for (int at = 0; at < bytes.limit(); at += dtype.bytes()) {
        count += Float.isFinite(dtype.value(bytes, at)) ? 0 : 1;
      }
      return count;
    }
  }
}
