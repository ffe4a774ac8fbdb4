package swarmformer.export;

import java.util.List;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights.Weight;

/**
 * The pickled module of {@code torchscript.py}, whose tensors lie outside of it: the one of number
 * i in the entry {@code data/i} of the archive.
 */
final class ModulePickle {
  private final Pickle pickle = new Pickle();
  private final SwarmFormerConfig config;
  private final List<Weight> weights;

  /** Weights come in the order of the checkpoint, which is that of the attributes. */
  private int next;

  ModulePickle(Checkpoint checkpoint) {
    this.config = checkpoint.config();
    this.weights = checkpoint.weights().tensors();
  }

  byte[] bytes() {
    module("SwarmFormer");
    attribute("seq_len").number(config.seqLen());
    attribute("embedding");
    module("Embedding");
    attribute("embed");
    module("Embed");
    tensor("weight");
    pickle.built().built();
    attribute("layers");
    module("Layers");
    for (int i = 0; i < config.numLayers(); i++) {
      attribute(String.valueOf(i));
      layer();
    }
    pickle.built();
    linear("classifier");
    return pickle.built().end();
  }

  private void layer() {
    module("Layer");
    attribute("local_steps").number(config.localSteps());
    attribute("cluster_size").number(config.clusterSize());
    attribute("local_agg");
    module("LocalStep");
    linears("mlp", "Mlp", "0", "3");
    linears("gate_net", "Gate", "0", "2");
    pickle.built();
    linears("global_attn", "Attention", "query", "key", "value");
    attribute("broadcast");
    module("Broadcast");
    linear("linear");
    linears("gate_net", "Gate", "0", "2");
    pickle.built().built();
  }

  /** A module of some linear maps. */
  private void linears(String name, String type, String... maps) {
    attribute(name);
    module(type);
    for (String map : maps) {
      linear(map);
    }
    pickle.built();
  }

  private void linear(String name) {
    attribute(name);
    module("Linear");
    tensor("weight");
    tensor("bias");
    pickle.built();
  }

  private void module(String type) {
    pickle.object("__torch__", type);
    attribute("training").no();
  }

  private Pickle attribute(String name) {
    return pickle.text(name);
  }

  /** As PyTorch pickles a tensor: a storage, seen in a shape. */
  private void tensor(String attribute) {
    Weight weight = weights.get(next);
    if (!weight.name().endsWith("." + attribute)) {
      throw new IllegalStateException("The next weight is no " + attribute + ": " + weight.name());
    }
    attribute(attribute).name("torch._utils", "_rebuild_tensor_v2").begin();
    pickle.begin().text("storage").name("torch", "FloatStorage").text(String.valueOf(next));
    pickle.text("cpu").number(weight.values().length).tuple().known();
    pickle.number(0).numbers(shape(weight)).numbers(strides(shape(weight)));
    pickle.no().name("collections", "OrderedDict").nothing().call();
    pickle.tuple().call();
    next++;
  }

  private static long[] shape(Weight weight) {
    return weight.shape().stream().mapToLong(Long::longValue).toArray();
  }

  /** Of values in row-major order. */
  private static long[] strides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strides;
  }
}
