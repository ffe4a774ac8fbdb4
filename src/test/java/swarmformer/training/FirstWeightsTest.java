package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights.Weight;

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
