package swarmformer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SafetensorsFuzzTest {
  private static final int MUTATIONS = 40_000;
  private static final Pattern NUMBER = Pattern.compile("(?<=[\\[,])\\d+(?=[,\\]])");
  private static final Pattern OFFSETS = Pattern.compile("\\[(\\d+), ?(\\d+)]}");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1",
          "2",
          "3",
          "4",
          "8",
          "1.5",
          "1e9",
          "null",
          "[]",
          "1073741824",
          "2147483647",
          "2147483648",
          "4294967296",
          "9223372036854775807",
          "18446744073709551615");
  private static final List<String> INSERTS =
      List.of(
          "{", "}", "[", "]", ",", ":", "\"", "\\", " ", "0", "\0", "\u00e9", "null", "{\"a\":");

  private final Random random = new Random(20_260_101);

  @Test
  @Timeout(30)
  void everyMutationIsReadInFullOrRefused() {
    byte[] valid = validFile();
    int read = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      read += isRead(mutated(valid), i) ? 1 : 0;
    }
    assertThat(read)
        .as("some are read, most are refused")
        .isBetween(MUTATIONS / 100, MUTATIONS / 2);
  }

  @Test
  void hostileClaimsTakeNoMemory() {
    List<byte[]> claims = hostileFiles();
    claims.forEach(file -> isRead(file, 0));
    for (byte[] file : claims) {
      long before = allocatedBytes();
      assertThat(isRead(file, 0)).isFalse();
      assertThat(allocatedBytes() - before).isLessThan(1 << 20);
    }
  }

  private static List<byte[]> hostileFiles() {
    String huge = "{\"a\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[0,%s]}}";
    return List.of(
        SafetensorsFiles.raw(huge.formatted("536870911", "2147483644"), 0),
        SafetensorsFiles.raw(huge.formatted("1073741824", "0"), 0),
        SafetensorsFiles.raw(huge.formatted("1,".repeat(5_000_000) + "1", "0"), 0),
        SafetensorsFiles.raw("[".repeat(10_000_000), 0),
        SafetensorsFiles.raw("{\"a\":" + "[".repeat(10_000_000), 0),
        SafetensorsFiles.raw("{\"" + "a".repeat(10_000_000) + "\":1}", 0),
        SafetensorsFiles.raw("{\"a\":" + "9".repeat(10_000_000) + "}", 0),
        new byte[] {0, (byte) 0xe1, (byte) 0xf5, 5, 0, 0, 0, 0, '{'},
        new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, '{'});
  }

  private static long allocatedBytes() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }

  /** Anything but a ModelException fails the test. */
  private static boolean isRead(byte[] file, int mutation) {
    try {
      for (Safetensors.Tensor tensor : Safetensors.parse(file, "fuzz").tensors().values()) {
        float[] values = tensor.toFloats();
        long size = tensor.shape().stream().reduce(1L, (product, length) -> product * length);
        assertThat((long) values.length).isEqualTo(size);
        for (float value : values) {
          assertThat(Float.isFinite(value)).isTrue();
        }
      }
      return true;
    } catch (ModelException refusal) {
      assertThat(refusal).hasMessageStartingWith("Cannot read weights from fuzz: ");
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("Mutation " + mutation + " is neither read nor refused", e);
    }
  }

  private static byte[] validFile() {
    return SafetensorsFiles.file()
        .metadata("format", "pt")
        .tensor("w", Dtype.F32, List.of(2L, 2L), 1, 2, 3, 4)
        .tensor("s", Dtype.F32, List.of(), 5)
        .tensor("z", Dtype.F16, List.of(0L, 3L))
        .tensor("h", Dtype.F16, List.of(3L), 6, 7, 8)
        .tensor("b", Dtype.BF16, List.of(1L, 5L), 9, 10, 11, 12, 13)
        .bytes();
  }

  private byte[] mutated(byte[] valid) {
    byte[] file = valid.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times && file.length > Long.BYTES; i++) {
      file =
          switch (random.nextInt(6)) {
            case 0 -> flipped(file);
            case 1 -> Arrays.copyOf(file, random.nextInt(file.length));
            case 2 -> inserted(file);
            case 3 -> editedHeader(file, NUMBER, NUMBERS.get(random.nextInt(NUMBERS.size())));
            case 4 -> editedHeader(file, OFFSETS, "[$2,$1]}");
            default -> lengthEdited(file);
          };
    }
    return file;
  }

  private byte[] flipped(byte[] file) {
    int bit = random.nextInt(file.length * 8);
    file[bit / 8] ^= (byte) (1 << bit % 8);
    return file;
  }

  /** Inserts within the header and corrects its length, or anywhere and does not. */
  private byte[] inserted(byte[] file) {
    byte[] text = INSERTS.get(random.nextInt(INSERTS.size())).getBytes(StandardCharsets.UTF_8);
    int at = random.nextInt(file.length);
    byte[] longer =
        ByteBuffer.allocate(file.length + text.length)
            .put(file, 0, at)
            .put(text)
            .put(file, at, file.length - at)
            .array();
    if (at >= Long.BYTES && random.nextBoolean()) {
      ByteBuffer length = ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN);
      length.putLong(0, length.getLong(0) + text.length);
    }
    return longer;
  }

  private byte[] editedHeader(byte[] file, Pattern pattern, String replacement) {
    long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > file.length - Long.BYTES) {
      return file;
    }
    int end = Long.BYTES + (int) length;
    String header = new String(file, Long.BYTES, (int) length, StandardCharsets.ISO_8859_1);
    List<MatchResult> places = new ArrayList<>(pattern.matcher(header).results().toList());
    if (places.isEmpty()) {
      return file;
    }
    MatchResult place = places.get(random.nextInt(places.size()));
    String edited =
        header.substring(0, place.start())
            + pattern.matcher(place.group()).replaceFirst(replacement)
            + header.substring(place.end());
    return SafetensorsFiles.raw(
        edited.getBytes(StandardCharsets.ISO_8859_1), Arrays.copyOfRange(file, end, file.length));
  }

  private byte[] lengthEdited(byte[] file) {
    ByteBuffer length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long edited =
        switch (random.nextInt(4)) {
          case 0 -> random.nextLong();
          case 1 -> random.nextInt();
          case 2 -> random.nextInt(file.length);
          default -> length.getLong(0) + random.nextInt(17) - 8;
        };
    length.putLong(0, edited);
    return file;
  }
}
