package swarmformer.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Weights.Weight;
import swarmformer.model.TorchArchive;

/** The file of a TorchScript module with its weights, which {@code torch.jit.load} reads. */
final class TorchScript {
  private static final String SOURCE = "torchscript.py";

  private TorchScript() {}

  static void write(Checkpoint checkpoint, OutputStream out) throws IOException {
    byte[] source = source(checkpoint.config().numLayers()).getBytes(StandardCharsets.UTF_8);
    List<Weight> weights = checkpoint.weights().tensors();
    try (TorchArchive archive =
        new TorchArchive(out, source, new ModulePickle(checkpoint).bytes())) {
      archive.store("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      archive.store("extra/config.json", checkpoint.namedConfig().toJson());
      for (int i = 0; i < weights.size(); i++) {
        archive.store("data/" + i, littleEndian(weights.get(i).values()));
      }
    }
  }

  private static String source(int layers) throws IOException {
    try (InputStream text = TorchScript.class.getResourceAsStream(SOURCE)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8) + layersClass(layers);
    }
  }

  /** A class whose attributes are the layers, by their numbers. */
  private static String layersClass(int layers) {
    return """

        class Layers(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
        %s
          # x (B, L, D) -> (B, L, D)
          def forward(self: __torch__.Layers, x: Tensor) -> Tensor:
        %s    return x
        """
        .formatted(
            lines(layers, "  __annotations__[\"%s\"] = __torch__.Layer\n"),
            lines(layers, "    x = (getattr(self, \"%s\")).forward(x, )\n"));
  }

  private static String lines(int layers, String line) {
    return IntStream.range(0, layers).mapToObj(line::formatted).collect(Collectors.joining());
  }

  /** The values as bytes. */
  static byte[] littleEndian(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }
}
