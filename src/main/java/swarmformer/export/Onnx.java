package swarmformer.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import swarmformer.checkpoint.Checkpoint;

/** The file of an ONNX model. The numbers of fields are those of onnx.proto. */
final class Onnx {
  /** The first that has all operators as they are used here; runtimes of 2022 know it. */
  static final int OPERATOR_SET = 17;

  private static final int FORMAT = 8;

  private Onnx() {}

  static void write(Checkpoint checkpoint, OutputStream out) throws IOException {
    Message config =
        new Message()
            .text(1, "config.json")
            .text(2, new String(checkpoint.namedConfig().toJson(), StandardCharsets.UTF_8));
    new Message()
        .number(1, FORMAT)
        .text(2, "swarmformer-spark")
        .message(7, OnnxNetwork.of(checkpoint).message())
        .message(8, new Message().text(1, "").number(2, OPERATOR_SET))
        .message(14, config)
        .content()
        .writeTo(out);
  }
}
