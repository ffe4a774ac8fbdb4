package swarmformer.checkpoint;

import static swarmformer.checkpoint.ModelException.quoted;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The header of a safetensors file: a JSON object of tensors, read token by token, so that a
 * hostile one costs no more memory than its legal part. Serves one reading; not thread-safe.
 */
final class SafetensorsHeader {
  private static final int MAX_ENTRIES = 100_000;
  private static final int MAX_RANK = 64;
  private static final String METADATA = "__metadata__";

  private final JsonParser json;
  private final int dataBytes;
  private final String origin;

  private SafetensorsHeader(JsonParser json, int dataBytes, String origin) {
    this.json = json;
    this.dataBytes = dataBytes;
    this.origin = origin;
  }

  /** Where the bytes of a tensor lie behind the header, {@code end} excluded. */
  record Entry(String name, Dtype dtype, List<Long> shape, int begin, int end) {
    int bytes() {
      return end - begin;
    }
  }

  /**
   * The tensors in the order of their bytes, each within the data.
   *
   * @param offset where the header begins in {@code file}
   * @param length bytes of the header
   * @param dataBytes bytes behind it
   */
  static List<Entry> read(byte[] file, int offset, int length, int dataBytes, String origin) {
    List<Entry> entries;
    try (JsonParser json = StrictJson.open(file, offset, length)) {
      entries = new SafetensorsHeader(json, dataBytes, origin).entries();
    } catch (IOException e) {
      ModelException refusal = Safetensors.refusal(origin, "the header " + StrictJson.reason(e));
      refusal.initCause(e);
      throw refusal;
    }
    // Of tensors that begin at the same byte, only the last can be other than empty.
    entries.sort(Comparator.comparingInt(Entry::begin).thenComparingInt(Entry::end));
    return entries;
  }

  private List<Entry> entries() throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT, "the header is not a JSON object");
    List<Entry> entries = new ArrayList<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals(METADATA)) {
        skipMetadata();
      } else {
        require(entries.size() < MAX_ENTRIES, "it has more than " + MAX_ENTRIES + " tensors");
        entries.add(entry(name));
      }
    }
    require(json.nextToken() == null, "the header goes on behind its closing brace");
    return entries;
  }

  private void skipMetadata() throws IOException {
    require(json.currentToken() == JsonToken.START_OBJECT, METADATA + " is not an object");
    int count = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      require(count++ < MAX_ENTRIES, METADATA + " has more than " + MAX_ENTRIES + " keys");
      boolean text = json.nextToken() == JsonToken.VALUE_STRING;
      require(text, METADATA + " gives " + quoted(json.currentName()) + " a value, not a text");
    }
  }

  private Entry entry(String name) throws IOException {
    String tensor = "tensor " + quoted(name);
    require(json.currentToken() == JsonToken.START_OBJECT, tensor + " is not an object");
    Dtype dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "dtype" -> dtype = dtype(tensor);
        case "shape" -> shape = wholeNumbers(tensor, key);
        case "data_offsets" -> offsets = wholeNumbers(tensor, key);
        default -> throw refusal(tensor + " has an unknown key " + quoted(key));
      }
    }
    require(dtype != null, tensor + " has no dtype");
    require(shape != null, tensor + " has no shape");
    require(offsets != null, tensor + " has no data_offsets");
    return entry(name, dtype, shape, offsets);
  }

  private Entry entry(String name, Dtype dtype, List<Long> shape, List<Long> offsets) {
    String where = "tensor " + quoted(name) + " has data_offsets " + offsets;
    require(offsets.size() == 2, where + ", not a begin and an end");
    long begin = offsets.get(0);
    long end = offsets.get(1);
    require(begin <= end, where + ", which are reversed");
    require(end <= dataBytes, where + ", past the " + dataBytes + " bytes of data");
    long needed = bytes(name, dtype, shape);
    require(
        needed == end - begin,
        where + ": " + (end - begin) + " bytes, but " + dtype + " " + shape + " takes " + needed);
    return new Entry(name, dtype, shape, (int) begin, (int) end);
  }

  private long bytes(String name, Dtype dtype, List<Long> shape) {
    if (shape.contains(0L)) {
      return 0;
    }
    long bytes = dtype.bytes();
    for (long dimension : shape) {
      bytes *= dimension;
      require(
          bytes <= Integer.MAX_VALUE,
          "tensor " + quoted(name) + " has shape " + shape + ", more than 2 GB");
    }
    return bytes;
  }

  private Dtype dtype(String tensor) throws IOException {
    boolean text = json.currentToken() == JsonToken.VALUE_STRING;
    require(text, tensor + " has a dtype that is not a text");
    String name = json.getText();
    for (Dtype dtype : Dtype.values()) {
      if (dtype.name().equals(name)) {
        return dtype;
      }
    }
    throw Safetensors.refusal(
        origin,
        tensor + " has dtype " + quoted(name) + "; F32, F16 and BF16 are read",
        "Convert it with tensor.to(torch.float32) and safetensors.torch.save_file");
  }

  /** A list of numbers that each fit an int, so that two of them multiply without overflow. */
  private List<Long> wholeNumbers(String tensor, String key) throws IOException {
    String what = tensor + " has a " + key;
    require(json.currentToken() == JsonToken.START_ARRAY, what + " that is not a list");
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(numbers.size() < MAX_RANK, what + " of more than " + MAX_RANK + " numbers");
      numbers.add(wholeNumber(what));
    }
    return List.copyOf(numbers);
  }

  private long wholeNumber(String what) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() == JsonParser.NumberType.INT
        && json.getIntValue() >= 0) {
      return json.getIntValue();
    }
    throw refusal(
        what + " with " + quoted(json.getText()) + ", not a whole number from 0 to 2147483647");
  }

  private void require(boolean fact, String otherwise) {
    if (!fact) {
      throw refusal(otherwise);
    }
  }

  private ModelException refusal(String why) {
    return Safetensors.refusal(origin, why);
  }
}
