package swarmformer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import swarmformer.checkpoint.Weights.Weight;

/** Writes safetensors files. */
public final class SafetensorsWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SafetensorsWriter() {}

  /**
   * The bytes of a file that {@link Safetensors#parse} reads, equal for equal tensors.
   *
   * @param dtype how values are stored; they are rounded to the nearest of the type
   */
  public static byte[] write(List<Weight> tensors, Dtype dtype) {
    ObjectNode entries = JSON.createObjectNode();
    entries.putObject("__metadata__").put("format", "pt"); // which readers of PyTorch ask for
    long end = 0;
    for (Weight tensor : tensors) {
      ObjectNode entry = entries.putObject(tensor.name());
      entry.put("dtype", dtype.name());
      tensor.shape().forEach(entry.putArray("shape")::add);
      long begin = end;
      end += (long) tensor.values().length * dtype.bytes();
      entry.putArray("data_offsets").add(begin).add(end);
    }
    byte[] header = padded(entries);
    ByteBuffer file =
        ByteBuffer.allocate(Math.toIntExact(Long.BYTES + header.length + end))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length).put(header);
    tensors.forEach(tensor -> put(tensor.values(), dtype, file));
    return file.array();
  }

  /** With spaces to a multiple of 8 bytes, so that the data is aligned. */
  private static byte[] padded(ObjectNode entries) {
    try {
      String header = JSON.writeValueAsString(entries);
      int bytes = header.getBytes(StandardCharsets.UTF_8).length;
      return (header + " ".repeat(-bytes & 7)).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of texts and numbers is always JSON", e);
    }
  }

  private static void put(float[] values, Dtype dtype, ByteBuffer file) {
    for (float value : values) {
      dtype.put(value, file);
    }
  }
}
