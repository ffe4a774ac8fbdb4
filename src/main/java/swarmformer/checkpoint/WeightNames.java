package swarmformer.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** The one table of the network's tensors: what each is called and how it is shaped. */
public final class WeightNames {
  private WeightNames() {}

  /**
   * A tensor that the network needs.
   *
   * @param name its name in the file
   * @param shape its dimensions, outermost first
   */
  public record Shaped(String name, List<Long> shape) {
    /** Keeps a copy of the shape. */
    public Shaped {
      shape = List.copyOf(shape);
    }
  }

  /**
   * The tensors in model order: V is {@code config.vocabSize()}, D is {@code config.dModel()}, a
   * linear map from n to m values is (m, n) with a bias of (m).
   *
   * @param classes number of classes, K
   */
  public static List<Shaped> inModelOrder(SwarmFormerConfig config, long classes) {
    long width = config.dModel();
    List<Shaped> table = new ArrayList<>();
    table.add(
        new Shaped("embedding.embed.weight", List.of((long) config.vocabSize(), width))); // (V, D)
    for (int i = 0; i < config.numLayers(); i++) {
      String layer = "layers." + i + ".";
      addLinear(table, layer + "local_agg.mlp.0", width, width); // (D, D)
      addLinear(table, layer + "local_agg.mlp.3", width, width); // (D, D)
      addLinear(table, layer + "local_agg.gate_net.0", width, 2 * width); // (D, 2D)
      addLinear(table, layer + "local_agg.gate_net.2", width, width); // (D, D)
      addLinear(table, layer + "global_attn.query", width, width); // (D, D)
      addLinear(table, layer + "global_attn.key", width, width); // (D, D)
      addLinear(table, layer + "global_attn.value", width, width); // (D, D)
      addLinear(table, layer + "broadcast.linear", width, width); // (D, D)
      addLinear(table, layer + "broadcast.gate_net.0", width, 2 * width); // (D, 2D)
      addLinear(table, layer + "broadcast.gate_net.2", width, width); // (D, D)
    }
    addLinear(table, "classifier", classes, width); // (K, D)
    return table;
  }

  private static void addLinear(List<Shaped> table, String name, long outputs, long inputs) {
    table.add(new Shaped(name + ".weight", List.of(outputs, inputs)));
    table.add(new Shaped(name + ".bias", List.of(outputs)));
  }
}
