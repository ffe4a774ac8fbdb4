package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.Golden;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.SafetensorsFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.errors.DeviceException;

final class SwarmFormerTest {
  @BeforeAll
  static void startEngine() {
    TorchEngine.start(1);
  }

  private static SwarmFormer load(Checkpoint checkpoint) {
    return load(checkpoint, Precision.FLOAT32);
  }

  private static SwarmFormer load(Checkpoint checkpoint, Precision precision) {
    return new SwarmFormer(checkpoint, Device.cpu(), precision, Products.PLAIN, 1_024);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "d", "e", "f", "g"})
  void givesTheReferencesLogitsOfOddConfigurations(String name) {
    Path folder = Golden.file("tiny/" + name);
    JsonNode expected = Golden.json(folder.resolve("expected.json"));
    List<int[]> ids = new ArrayList<>();
    expected.get("ids").forEach(row -> ids.add(Golden.ids(row)));
    try (SwarmFormer network = load(Golden.checkpoint(folder))) {
      float[][] logits = network.logits(ids.toArray(int[][]::new)).rows();
      for (int row = 0; row < logits.length; row++) {
        assertRelative(logits[row], Golden.logits(expected.get("logits").get(row)), 1e-5);
      }
    }
  }

  @Test
  void givesTheReferencesLogitsOfTrainedSmall() {
    Path folder = Golden.external("small-imdb");
    try (SwarmFormer network = load(Golden.checkpoint(folder))) {
      for (JsonNode line : Golden.lines(folder.resolve("expected.jsonl"))) {
        float[] logits = network.logits(new int[][] {Golden.ids(line.get("ids"))}).rows()[0];
        assertAbsolute(logits, Golden.logits(line.get("logits")), 2e-5);
      }
    }
  }

  @Test
  void bfloat16ChangesNoClearPredictionOfTrainedSmall() {
    Path folder = Golden.external("small-imdb");
    try (SwarmFormer network = load(Golden.checkpoint(folder), Precision.BFLOAT16)) {
      for (JsonNode line : Golden.lines(folder.resolve("expected.jsonl"))) {
        float[] logits = network.logits(new int[][] {Golden.ids(line.get("ids"))}).rows()[0];
        double[] expected = Golden.logits(line.get("logits"));
        assertAbsolute(logits, expected, 0.05);
        if (Math.abs(expected[0] - expected[1]) > 0.05) {
          assertThat(logits[1] > logits[0]).isEqualTo(expected[1] > expected[0]);
        }
      }
    }
  }

  @Test
  void givesTheReferencesLogitsOfRandomBase() {
    Path folder = Golden.external("base-random");
    JsonNode expected = Golden.json(folder.resolve("expected.json"));
    try (SwarmFormer network = load(Golden.checkpoint(folder))) {
      for (int row = 0; row < expected.get("ids").size(); row++) {
        float[] logits =
            network.logits(new int[][] {Golden.ids(expected.get("ids").get(row))}).rows()[0];
        assertAbsolute(logits, Golden.logits(expected.get("logits").get(row)), 5e-5);
      }
    }
  }

  @Test
  void rowsDoNotDependOnTheirBatch() {
    SwarmFormerConfig config = new SwarmFormerConfig(500, 32, 64, 4, 2, 3, List.of());
    List<int[]> rows = randomRows(300, config, new Random(7));
    try (SwarmFormer network = load(SafetensorsFiles.checkpoint(config, 3, Dtype.F32))) {
      float[][] together = network.logits(rows.toArray(int[][]::new)).rows();
      List<Integer> order = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
      Collections.shuffle(order, new Random(8));
      for (int row : order.subList(0, 60)) {
        float[] alone = network.logits(new int[][] {rows.get(row)}).rows()[0];
        assertThat(alone).containsExactly(together[row], within(1e-5f));
      }
    }
  }

  @Test
  void allWaysToMultiplyGiveTheSameLogits() {
    assumeTrue(OneDnn.isThere(), "PyTorch has no oneDNN here");
    SwarmFormerConfig config = new SwarmFormerConfig(500, 32, 64, 4, 2, 3, List.of());
    Checkpoint checkpoint = SafetensorsFiles.checkpoint(config, 2, Dtype.F32);
    int[][] rows = randomRows(50, config, new Random(9)).toArray(int[][]::new);
    try (SwarmFormer plain = load(checkpoint);
        SwarmFormer oneDnn =
            new SwarmFormer(checkpoint, Device.cpu(), Precision.FLOAT32, Products.ONEDNN, 2_048)) {
      float[][] expected = plain.logits(rows).rows();
      float[][] actual = oneDnn.logits(rows).rows();
      for (int row = 0; row < rows.length; row++) {
        assertThat(actual[row]).containsExactly(expected[row], within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void calibratesOnAnyProcessor(Precision precision) {
    SwarmFormerConfig config = new SwarmFormerConfig(500, 32, 64, 4, 2, 3, List.of());
    Checkpoint checkpoint = SafetensorsFiles.checkpoint(config, 2, Dtype.F32);
    int[][] rows = randomRows(20, config, new Random(10)).toArray(int[][]::new);
    float tolerance = precision == Precision.FLOAT32 ? 1e-5f : 0.05f;
    try (SwarmFormer network =
            SwarmFormer.load(checkpoint, Device.cpu(), precision, KernelCalibration.AUTO);
        SwarmFormer plain = load(checkpoint)) {
      assertThat(network.microBatch()).isBetween(1_024, 4_096);
      float[][] logits = network.logits(rows).rows();
      float[][] expected = plain.logits(rows).rows();
      for (int row = 0; row < rows.length; row++) {
        assertThat(logits[row]).containsExactly(expected[row], within(tolerance));
      }
    }
  }

  @Test
  void countsClassesByTheClassifier() {
    SwarmFormerConfig config = new SwarmFormerConfig(60, 8, 16, 4, 1, 1, List.of());
    try (SwarmFormer network = load(SafetensorsFiles.checkpoint(config, 5, Dtype.F32))) {
      assertThat(network.logits(new int[][] {{1, 2, 3}}).rows()[0]).hasSize(5);
    }
  }

  @Test
  void scoresNoRows() {
    SwarmFormerConfig config = new SwarmFormerConfig(60, 8, 16, 4, 1, 1, List.of());
    try (SwarmFormer network = load(SafetensorsFiles.checkpoint(config, 2, Dtype.F16))) {
      assertThat(network.logits(new int[0][]).rows()).isEmpty();
    }
  }

  @Test
  void refusesAGpuThatIsNotThere() {
    assumeTrue(ai.djl.engine.Engine.getEngine("PyTorch").getGpuCount() == 0);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> TorchEngine.device("cuda"))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("Cannot use a GPU")
        .hasMessageContaining("--device cpu");
    assertThat(TorchEngine.device("auto").isGpu()).isFalse();
  }

  private static List<int[]> randomRows(int count, SwarmFormerConfig config, Random random) {
    return IntStream.range(0, count)
        .mapToObj(
            row ->
                random.ints(1 + random.nextInt(config.seqLen()), 0, config.vocabSize()).toArray())
        .toList();
  }

  /** Within a tolerance of (1 + |expected|). */
  private static void assertRelative(float[] actual, double[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i])
          .isCloseTo(expected[i], within(tolerance * (1 + Math.abs(expected[i]))));
    }
  }

  private static void assertAbsolute(float[] actual, double[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance));
    }
  }
}
