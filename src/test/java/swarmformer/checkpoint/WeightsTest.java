package swarmformer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.Golden;
import swarmformer.checkpoint.Weights.Weight;

class WeightsTest {
  private static final SwarmFormerConfig CONFIG =
      new SwarmFormerConfig(5, 2, 8, 4, 1, 1, List.of());

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "d", "e", "f", "g"})
  void acceptsGoldenModels(String name) {
    ModelFiles files = Golden.model(Golden.file("tiny/" + name));
    SwarmFormerConfig config = SwarmFormerConfig.parse(files.config(), name);
    Safetensors file = Safetensors.parse(files.weights(), name);
    Weights weights = Weights.check(config, file, name);
    assertThat(weights.classes()).isEqualTo(2);
    assertThat(weights.tensors())
        .hasSize(3 + 20 * config.numLayers())
        .hasSize(file.tensors().size());
    assertThat(weights.tensors())
        .allSatisfy(weight -> assertThat(weight.values()).hasSize(size(weight)));
    assertThat(weights.parameters()).isEqualTo(parameters(config));
  }

  @Test
  void givesTensorsInModelOrder() {
    assertThat(weights(3, Dtype.F32).tensors())
        .extracting(Weight::name)
        .containsExactly(
            "embedding.embed.weight",
            "layers.0.local_agg.mlp.0.weight",
            "layers.0.local_agg.mlp.0.bias",
            "layers.0.local_agg.mlp.3.weight",
            "layers.0.local_agg.mlp.3.bias",
            "layers.0.local_agg.gate_net.0.weight",
            "layers.0.local_agg.gate_net.0.bias",
            "layers.0.local_agg.gate_net.2.weight",
            "layers.0.local_agg.gate_net.2.bias",
            "layers.0.global_attn.query.weight",
            "layers.0.global_attn.query.bias",
            "layers.0.global_attn.key.weight",
            "layers.0.global_attn.key.bias",
            "layers.0.global_attn.value.weight",
            "layers.0.global_attn.value.bias",
            "layers.0.broadcast.linear.weight",
            "layers.0.broadcast.linear.bias",
            "layers.0.broadcast.gate_net.0.weight",
            "layers.0.broadcast.gate_net.0.bias",
            "layers.0.broadcast.gate_net.2.weight",
            "layers.0.broadcast.gate_net.2.bias",
            "classifier.weight",
            "classifier.bias");
  }

  @Test
  void takesClassesFromTheClassifier() {
    assertThat(weights(3, Dtype.F32).classes()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void widensEveryDtype(Dtype dtype) {
    Weights weights = weights(2, dtype);
    float exact = weights(2, Dtype.F32).tensors().get(0).values()[0];
    assertThat(weights.tensors().get(0).values()[0])
        .isCloseTo(exact, withPercentage(0.4)); // 2^-8 in BF16
  }

  private static Weights weights(int classes, Dtype dtype) {
    return SafetensorsFiles.checkpoint(CONFIG, classes, dtype).weights();
  }

  private static int size(Weight weight) {
    return Math.toIntExact(
        weight.shape().stream().reduce(1L, (product, length) -> product * length));
  }

  /** V·D, a layer's ten maps (two of them twice as wide), and the classifier. */
  private static long parameters(SwarmFormerConfig config) {
    long width = config.dModel();
    return config.vocabSize() * width
        + config.numLayers() * (12 * width * width + 10 * width)
        + 2 * width
        + 2;
  }
}
