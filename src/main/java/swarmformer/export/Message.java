package swarmformer.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A message of Protocol Buffers, written field by field. */
final class Message {
  private final ByteString.Output bytes = ByteString.newOutput();
  private final CodedOutputStream fields = CodedOutputStream.newInstance(bytes);

  /** Writes a field. */
  private interface Field {
    void write() throws IOException;
  }

  Message number(int field, long value) {
    return write(() -> fields.writeInt64(field, value));
  }

  Message text(int field, String value) {
    return write(() -> fields.writeString(field, value));
  }

  Message bytes(int field, byte[] value) {
    return write(() -> fields.writeByteArray(field, value));
  }

  Message message(int field, Message value) {
    return write(() -> fields.writeBytes(field, value.content()));
  }

  ByteString content() {
    write(fields::flush);
    return bytes.toByteString();
  }

  private Message write(Field field) {
    try {
      field.write();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("Memory takes all that is written", e);
    }
  }
}
