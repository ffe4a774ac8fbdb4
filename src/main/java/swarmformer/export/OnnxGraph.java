package swarmformer.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A graph of ONNX operators, built from the front to the back. Values have names; the numbers of
 * fields are those of onnx.proto.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>
 */
final class OnnxGraph {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private final Message graph = new Message();
  private final Set<String> constants = new HashSet<>();
  private int nodes;

  OnnxGraph(String name) {
    graph.text(2, name);
  }

  /** An attribute of an operator, a whole number or several. */
  record Attribute(String name, List<Long> values, boolean several) {
    static Attribute of(String name, long value) {
      return new Attribute(name, List.of(value), false);
    }

    static Attribute list(String name, long... values) {
      return new Attribute(name, LongStream.of(values).boxed().toList(), true);
    }

    private Message message() {
      Message message = new Message().text(1, name).number(20, several ? 7 : 2); // INTS, INT
      values.forEach(value -> message.number(several ? 8 : 3, value));
      return message;
    }
  }

  /** Adds an operator and gives the name of its result. */
  String node(String operator, List<String> inputs, Attribute... attributes) {
    String output = operator + "_" + nodes++;
    node(operator, output, inputs, attributes);
    return output;
  }

  /** Adds an operator whose result has a name. */
  void node(String operator, String output, List<String> inputs, Attribute... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, output).text(4, operator);
    for (Attribute attribute : attributes) {
      node.message(5, attribute.message());
    }
    graph.message(1, node);
  }

  /** A number. */
  String number(float value) {
    return weight(String.valueOf(value), List.of(), value);
  }

  /** Whole numbers in a row. */
  String numbers(long... values) {
    String name = Arrays.toString(values);
    if (constants.add(name)) {
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asLongBuffer().put(values);
      constant(name, INT64, List.of((long) values.length), bytes.array());
    }
    return name;
  }

  /** A constant tensor of float32, which is added the first time; gives its name. */
  String weight(String name, List<Long> shape, float... values) {
    if (constants.add(name)) {
      constant(name, FLOAT, shape, TorchScript.littleEndian(values));
    }
    return name;
  }

  private void constant(String name, int type, List<Long> shape, byte[] content) {
    Message tensor = new Message();
    shape.forEach(size -> tensor.number(1, size));
    graph.message(5, tensor.number(2, type).text(8, name).bytes(9, content));
  }

  /** Declares what goes in: whole numbers in rows of a width. */
  void input(String name, long width) {
    graph.message(11, value(name, INT64, width));
  }

  /** Declares what comes out: float32 in rows of a width. */
  void output(String name, long width) {
    graph.message(12, value(name, FLOAT, width));
  }

  private static Message value(String name, int type, long width) {
    Message rows = new Message().text(2, "batch"); // any number, with a name
    Message shape = new Message().message(1, rows).message(1, new Message().number(1, width));
    Message tensor = new Message().number(1, type).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** The message. */
  Message message() {
    return graph;
  }
}
