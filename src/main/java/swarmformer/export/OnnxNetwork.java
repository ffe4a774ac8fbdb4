package swarmformer.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights.Weight;
import swarmformer.export.OnnxGraph.Attribute;

/**
 * The SwarmFormer network as a graph, at full length. Letters of shapes: B rows, L = seq_len, D =
 * d_model, s = cluster_size, C = L / s clusters, N classes.
 */
final class OnnxNetwork {
  static final String IDS = "ids";
  static final String LOGITS = "logits";

  private static final float ROOT_OF_TWO = (float) Math.sqrt(2);

  private final SwarmFormerConfig config;
  private final Map<String, Weight> weights = new HashMap<>();
  private final OnnxGraph graph = new OnnxGraph("SwarmFormer");

  private OnnxNetwork(Checkpoint checkpoint) {
    this.config = checkpoint.config();
    checkpoint.weights().tensors().forEach(weight -> weights.put(weight.name(), weight));
  }

  /** The graph from ids (B, L), padded with 0, to logits (B, N). */
  static OnnxGraph of(Checkpoint checkpoint) {
    OnnxNetwork network = new OnnxNetwork(checkpoint);
    network.graph.input(IDS, checkpoint.config().seqLen());
    network.build();
    network.graph.output(LOGITS, checkpoint.weights().classes());
    return network.graph;
  }

  private void build() {
    String x = graph.node("Gather", List.of(weight("embedding.embed.weight"), IDS)); // (B, L, D)
    for (int i = 0; i < config.numLayers(); i++) {
      x = layer(x, "layers." + i + ".");
    }
    String pooled = mean(x, 1); // (B, D)
    graph.node("Add", LOGITS, List.of(product(pooled, "classifier"), weight("classifier.bias")));
  }

  /** x (B, L, D) to (B, L, D). */
  private String layer(String x, String name) {
    for (int step = 0; step < config.localSteps(); step++) {
      x = localStep(x, name + "local_agg.");
    }
    long clusters = config.seqLen() / config.clusterSize();
    String grouped = reshape(x, 0, clusters, config.clusterSize(), config.dModel());
    String means = mean(grouped, 2); // (B, C, D)
    return broadcast(x, attend(means, name + "global_attn."), name + "broadcast.");
  }

  /** Moves each position towards what an MLP makes of it and its neighbours on the ring. */
  private String localStep(String x, String name) {
    String three = binary("Add", binary("Add", rolled(x, -1), x), rolled(x, 1));
    String near = binary("Div", three, graph.number(3));
    String update = linear(gelu(linear(near, name + "mlp.0")), name + "mlp.3");
    String change = binary("Sub", update, x);
    return binary("Add", x, binary("Mul", gate(x, update, name), change));
  }

  /**
   * x (B, L, D): from each position the one that is so far behind it, the ends being neighbours.
   */
  private String rolled(String x, long by) {
    String behind = slice(x, by, Integer.MAX_VALUE);
    return graph.node("Concat", List.of(behind, slice(x, 0, by)), Attribute.of("axis", 1));
  }

  /** Positions of a range; negative numbers count from the end. */
  private String slice(String x, long from, long to) {
    return graph.node(
        "Slice", List.of(x, graph.numbers(from), graph.numbers(to), graph.numbers(1)));
  }

  /** One head. means (B, C, D) to (B, C, D). */
  private String attend(String means, String name) {
    String key = linear(means, name + "key");
    String across = graph.node("Transpose", List.of(key), Attribute.list("perm", 0, 2, 1));
    String products = binary("MatMul", linear(means, name + "query"), across); // (B, C, C)
    String scores = binary("Div", products, graph.number((float) Math.sqrt(config.dModel())));
    String shares = graph.node("Softmax", List.of(scores), Attribute.of("axis", -1));
    return binary("MatMul", shares, linear(means, name + "value"));
  }

  /** Gives clusters (B, C, D) to their positions in x (B, L, D). */
  private String broadcast(String x, String clusters, String name) {
    String each = binary("Unsqueeze", linear(clusters, name + "linear"), graph.numbers(2));
    String copies = graph.numbers(1, 1, config.clusterSize(), 1);
    String update = reshape(binary("Expand", each, copies), 0, config.seqLen(), config.dModel());
    return binary("Add", x, binary("Mul", gate(x, update, name), update));
  }

  /** x, update (B, L, D) to (B, L, D). */
  private String gate(String x, String update, String name) {
    String both = graph.node("Concat", List.of(x, update), Attribute.of("axis", -1));
    String hidden = gelu(linear(both, name + "gate_net.0"));
    return graph.node("Sigmoid", List.of(linear(hidden, name + "gate_net.2")));
  }

  /** The exact one: x (1 + erf(x / sqrt(2))) / 2. */
  private String gelu(String x) {
    String erf = graph.node("Erf", List.of(binary("Div", x, graph.number(ROOT_OF_TWO))));
    String product = binary("Mul", x, binary("Add", erf, graph.number(1)));
    return binary("Mul", product, graph.number(0.5f));
  }

  private String linear(String x, String name) {
    return binary("Add", product(x, name), weight(name + ".bias"));
  }

  /** With a weight (out, in), which ONNX multiplies with as (in, out). */
  private String product(String x, String name) {
    return binary("MatMul", x, transposed(name + ".weight"));
  }

  private String mean(String x, long axis) {
    return graph.node(
        "ReduceMean", List.of(x), Attribute.list("axes", axis), Attribute.of("keepdims", 0));
  }

  /** 0 stands for the number of rows as it is. */
  private String reshape(String x, long... shape) {
    return binary("Reshape", x, graph.numbers(shape));
  }

  private String binary(String operator, String a, String b) {
    return graph.node(operator, List.of(a, b));
  }

  private String weight(String name) {
    Weight weight = weights.get(name);
    return graph.weight(name, weight.shape(), weight.values());
  }

  private String transposed(String name) {
    Weight weight = weights.get(name);
    int rows = Math.toIntExact(weight.shape().get(0));
    int columns = Math.toIntExact(weight.shape().get(1));
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i % columns * rows + i / columns] = weight.values()[i];
    }
    return graph.weight(name, List.of((long) columns, (long) rows), values);
  }
}
