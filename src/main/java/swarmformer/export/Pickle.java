package swarmformer.export;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes values as Python pickles them, in protocol 2, one behind the other.
 *
 * @see <a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">the operations</a>
 */
final class Pickle {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Pickle() {
    bytes.write(0x80); // PROTO
    bytes.write(2);
  }

  Pickle text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return operation('X').size(utf8.length).raw(utf8); // BINUNICODE
  }

  Pickle number(int number) {
    return operation('J').size(number); // BININT
  }

  Pickle no() {
    return operation(0x89); // NEWFALSE
  }

  /** A class or function. */
  Pickle name(String module, String name) {
    return operation('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Begins a tuple, or the entries of an object. */
  Pickle begin() {
    return operation('('); // MARK
  }

  /** Ends a tuple. */
  Pickle tuple() {
    return operation('t');
  }

  Pickle numbers(long... numbers) {
    begin();
    for (long number : numbers) {
      number(Math.toIntExact(number));
    }
    return tuple();
  }

  /** Begins an object, without arguments; its entries follow, each a name and a value. */
  Pickle object(String module, String name) {
    return name(module, name).operation(')').operation(0x81).operation('}').begin(); // NEWOBJ
  }

  /** Ends an object. */
  Pickle built() {
    return operation('u').operation('b'); // SETITEMS, BUILD
  }

  /** Calls the last but one, a function, with the last, a tuple. */
  Pickle call() {
    return operation('R'); // REDUCE
  }

  /** An empty tuple. */
  Pickle nothing() {
    return operation(')');
  }

  /** What the reader knows by the last value. */
  Pickle known() {
    return operation('Q'); // BINPERSID
  }

  byte[] end() {
    operation('.');
    return bytes.toByteArray();
  }

  private Pickle operation(int code) {
    bytes.write(code);
    return this;
  }

  private Pickle size(int size) {
    return raw(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(size).array());
  }

  private Pickle raw(byte[] content) {
    bytes.writeBytes(content);
    return this;
  }
}
