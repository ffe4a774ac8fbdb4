package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;
import swarmformer.checkpoint.Weights.Weight;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;
import swarmformer.model.TorchEngine;

final class FirstWeightsTest {
  private static final List<String> CLASSES = List.of("negative", "positive");

  private static List<Weight> draw() {
    SwarmFormerConfig config = new SwarmFormerConfig(1_000, 96, 64, 4, 2, 3, CLASSES);
    return FirstWeights.draw(config, 2, new Recipe.Start(0.3, 0, -2), 1).tensors();
  }

  private static double deviation(float[] values) {
    double squares =
        IntStream.range(0, values.length).mapToDouble(i -> values[i] * values[i]).sum();
    return Math.sqrt(squares / values.length);
  }

  @Test
  void linearMapsKeepTheVariance() {
    assertThat(draw())
        .filteredOn(weight -> weight.name().startsWith("layers") && weight.shape().size() > 1)
        .hasSize(2 * 10)
        .allSatisfy(
            weight ->
                assertThat(deviation(weight.values()))
                    .isCloseTo(1 / Math.sqrt(weight.shape().get(1)), within(0.003)));
  }

  @Test
  void theEmbeddingHasTheDeviationOfTheRecipe() {
    assertThat(deviation(draw().get(0).values())).isCloseTo(0.3, within(0.003));
  }

  /** Words of random weights; gates are shut, so that nothing else reaches the classifier. */
  @Test
  void beginsAsALinearModelOfTokens() {
    SwarmFormerConfig config =
        new SwarmFormerConfig(1_000, 96, 64, 4, 2, 3, List.of("a", "b", "c"));
    Recipe.Start start = new Recipe.Start(0.2, 0, -30);
    Weights weights = FirstWeights.draw(config, 3, start, 1);
    Random random = new Random(2);
    float[][] ofTokens = new float[3][1_000];
    float[] biases = {0.5f, -1, 0.25f};
    for (int token = 0; token < 1_000; token++) {
      ofTokens[1][token] = (float) random.nextGaussian(); // the other two say nothing
    }
    FirstWeights.add(new LinearLayer(ofTokens, biases), weights, config, start, 3);
    int[] ids = random.ints(64, 1, 1_000).toArray();
    double expected = biases[1];
    for (int id : ids) {
      expected += ofTokens[1][id];
    }
    TorchEngine.start(1);
    try (SwarmFormer network =
        SwarmFormer.plain(
            new Checkpoint(config, weights), Device.cpu(), Precision.FLOAT32, 4_096)) {
      float[] logits = network.logits(new int[][] {ids}).rows()[0];
      assertThat(logits[0]).isCloseTo(biases[0], within(1e-4f));
      assertThat(logits[1]).isCloseTo((float) expected, within(1e-3f));
      assertThat(logits[2]).isCloseTo(biases[2], within(1e-4f));
    }
    assertThat(deviation(weights.tensors().get(0).values()))
        .isCloseTo(0.2 * Math.sqrt(2), within(0.002)); // of what was drawn and of what was added
  }

  /** Of each class, tokens say much more, or less, than the others on average. */
  @Test
  void beginsAsALinearModelOfManyClasses() {
    int classes = 10;
    List<String> names = IntStream.range(0, classes).mapToObj(k -> "class " + k).toList();
    SwarmFormerConfig config = new SwarmFormerConfig(1_000, 96, 64, 4, 2, 3, names);
    Recipe.Start start = new Recipe.Start(0.2, 0, -30);
    Weights weights = FirstWeights.draw(config, classes, start, 1);
    Random random = new Random(2);
    float[][] ofTokens = new float[classes][1_000];
    for (int k = 0; k < classes; k++) {
      for (int token = 0; token < 1_000; token++) {
        ofTokens[k][token] = (float) (0.1 * random.nextGaussian() + (k % 2 == 0 ? 1 : -1));
      }
    }
    FirstWeights.add(new LinearLayer(ofTokens, new float[classes]), weights, config, start, 3);
    int[] ids = random.ints(64, 1, 1_000).toArray();
    TorchEngine.start(1);
    try (SwarmFormer network =
        SwarmFormer.plain(
            new Checkpoint(config, weights), Device.cpu(), Precision.FLOAT32, 4_096)) {
      float[] logits = network.logits(new int[][] {ids}).rows()[0];
      for (int k = 0; k < classes; k++) {
        float[] ofClass = ofTokens[k];
        double expected = IntStream.of(ids).mapToDouble(id -> ofClass[id]).sum();
        assertThat(logits[k]).isCloseTo((float) expected, within(1e-3f));
      }
    }
  }

  /** Two directions of two values leave no room for more, and are often one. */
  @Test
  void narrowNetworksBeginWithManyClasses() {
    List<String> names = List.of("a", "b", "c", "d");
    SwarmFormerConfig config = new SwarmFormerConfig(1_000, 2, 64, 4, 2, 3, names);
    Recipe.Start start = new Recipe.Start(0.2, 0, -2);
    float[][] ofTokens = new float[4][1_000];
    for (float[] ofClass : ofTokens) {
      Arrays.fill(ofClass, 1);
    }
    for (int seed = 0; seed < 20; seed++) {
      Weights weights = FirstWeights.draw(config, 4, start, 1);
      FirstWeights.add(new LinearLayer(ofTokens, new float[4]), weights, config, start, seed);
      for (Weight weight : weights.tensors()) {
        for (float value : weight.values()) {
          assertThat(value).isFinite();
        }
      }
    }
  }

  @Test
  void onlyTheGatesThemselvesHaveABias() {
    assertThat(draw())
        .filteredOn(weight -> weight.shape().size() == 1)
        .allSatisfy(
            weight ->
                assertThat(weight.values())
                    .containsOnly(weight.name().endsWith("gate_net.2.bias") ? -2 : 0));
  }
}
