package swarmformer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.Golden;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Weights.Weight;

final class TrainableNetworkTest {
  private static final double STEP = 1e-4;
  private static final int PYTORCH_FLOAT64 = 7;
  private static final int[] CANDIDATES = {5, 3, 8, 1, 13};

  @BeforeAll
  static void startEngine() {
    TorchEngine.start(1);
  }

  private static Checkpoint tiny(String name) {
    return Golden.checkpoint(Golden.file("tiny/" + name));
  }

  /** Two texts, the second a quarter as long as the network. */
  private static int[][] ids(Checkpoint checkpoint) {
    int length = checkpoint.config().seqLen();
    int[][] ids = {new int[length], new int[Math.max(1, length / 4)]};
    for (int row = 0; row < ids.length; row++) {
      for (int i = 0; i < ids[row].length; i++) {
        ids[row][i] = (7 * i + 3 * row + 1) % checkpoint.config().vocabSize();
      }
    }
    return ids;
  }

  private static float[][] targets(Checkpoint checkpoint) {
    int classes = checkpoint.weights().classes();
    float[][] targets = new float[2][classes];
    for (int row = 0; row < targets.length; row++) {
      targets[row][row % classes] += 0.75f / 2;
      targets[row][(row + 1) % classes] += 0.25f / 2;
    }
    return targets;
  }

  private static TrainableNetwork network(Checkpoint checkpoint, DataType type) {
    return new TrainableNetwork(
        checkpoint.config(),
        checkpoint.weights(),
        Dropout.NONE,
        1_024,
        2,
        Device.cpu(),
        type,
        PYTORCH_FLOAT64);
  }

  /** Two steps, of which {@code src/tools/eager.py step} prints what PyTorch makes of them. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "d", "e", "f", "g"})
  void makesTheStepsThatPyTorchMakes(String name) throws IOException {
    JsonNode expected;
    try (InputStream steps = getClass().getResourceAsStream("steps.json")) {
      expected = new ObjectMapper().readTree(steps).get(name);
    }
    Checkpoint checkpoint = tiny(name);
    int[][] ids = ids(checkpoint);
    float[][] targets = targets(checkpoint);
    AdamW settings = new AdamW(0.01, 0.9, 0.99, 1e-8, 0.1, 0.5, 0);
    try (TrainableNetwork network = network(checkpoint, DataType.FLOAT64)) {
      for (int step = 0; step < 2; step++) {
        // Each text by another worker: the gradients of all are added.
        double loss = 0;
        for (int row = 0; row < ids.length; row++) {
          int[][] text = {ids[row]};
          float[][] target = {targets[row]};
          loss += network.add(row, text, target, 1).loss();
        }
        assertThat(loss).isCloseTo(expected.at("/losses/" + step).asDouble(), within(1e-9));
        assertThat(network.step(settings))
            .isCloseTo(expected.at("/norms/" + step).asDouble(), withinPercentage(1e-4));
      }
      for (Weight weight : network.state().current().tensors()) {
        JsonNode sums = expected.get("weights").get(weight.name());
        double sum = 0;
        double squares = 0;
        for (float value : weight.values()) {
          sum += value;
          squares += (double) value * value;
        }
        assertThat(sum).as(weight.name()).isCloseTo(sums.get(0).asDouble(), within(1e-4));
        assertThat(squares).as(weight.name()).isCloseTo(sums.get(1).asDouble(), within(1e-4));
      }
      assertThat(network.state().average().tensors().get(5).values())
          .isEqualTo(network.state().current().tensors().get(5).values());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "d", "e", "f", "g"})
  void givesTheGradientsThatNumericDifferencesGive(String name) {
    Checkpoint checkpoint = tiny(name);
    int[][] ids = ids(checkpoint);
    float[][] targets = targets(checkpoint);
    assertThat(
            gradientsChecked(
                checkpoint, (network, worker) -> network.add(worker, ids, targets, 1).loss()))
        .isGreaterThanOrEqualTo(90);
  }

  /** As far as 8 bits of mantissa go: the directions differ by less than 0.1 radians. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "d", "e", "f", "g"})
  void givesNearlyTheSameGradientsInBfloat16(String name) {
    Checkpoint checkpoint = tiny(name);
    int[][] ids = ids(checkpoint);
    double[] exact = gradients(checkpoint, ids, Precision.FLOAT32);
    double[] rounded = gradients(checkpoint, ids, Precision.BFLOAT16);
    assertThat(rounded).isNotEqualTo(exact);
    assertThat(product(exact, rounded))
        .isGreaterThan(0.995 * Math.sqrt(product(exact, exact) * product(rounded, rounded)));
  }

  /** Of the classes and of masked tokens together. */
  private static double[] gradients(Checkpoint checkpoint, int[][] ids, Precision precision) {
    try (TrainableNetwork network =
        new TrainableNetwork(
            checkpoint.config(),
            checkpoint.weights(),
            Dropout.NONE,
            1_024,
            1,
            Device.cpu(),
            precision)) {
      network.add(0, ids, targets(checkpoint), 1);
      network.addMasked(0, ids, CANDIDATES, wanted(ids), 0.25);
      return network.gradients(0).stream()
          .flatMapToDouble(
              weight ->
                  IntStream.range(0, weight.values().length).mapToDouble(i -> weight.values()[i]))
          .toArray();
    }
  }

  private static double product(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "d", "e", "f", "g"})
  void givesTheGradientsOfMaskedTokensThatNumericDifferencesGive(String name) {
    Checkpoint checkpoint = tiny(name);
    int[][] ids = ids(checkpoint);
    int[][] wanted = wanted(ids);
    assertThat(
            gradientsChecked(
                checkpoint,
                (network, worker) ->
                    network.addMasked(worker, ids, CANDIDATES, wanted, 0.25).loss()))
        .isGreaterThanOrEqualTo(90);
  }

  /** The short text has all its padding in the first case, and little in the second. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "d", "e", "f", "g"})
  void guessesMaskedTokensAlikeWithAndWithoutPadding(String name) {
    Checkpoint checkpoint = tiny(name);
    int[][] ids = ids(checkpoint);
    int[][] wanted = wanted(ids);
    try (TrainableNetwork network = network(checkpoint, DataType.FLOAT64)) {
      TrainableNetwork.Guesses together = network.addMasked(0, ids, CANDIDATES, wanted, 1);
      double loss = 0;
      long right = 0;
      for (int row = 0; row < ids.length; row++) {
        int[][] text = {ids[row]};
        int[][] wantedOfText = {wanted[row]};
        TrainableNetwork.Guesses alone = network.addMasked(1, text, CANDIDATES, wantedOfText, 1);
        loss += alone.loss();
        right += alone.right();
      }
      assertThat(together.loss()).isCloseTo(loss, withinPercentage(1e-9));
      assertThat(together.right()).isEqualTo(right);
    }
  }

  private static int[][] wanted(int[][] ids) {
    int[][] wanted = new int[ids.length][];
    for (int row = 0; row < ids.length; row++) {
      wanted[row] = new int[ids[row].length];
      for (int i = 0; i < wanted[row].length; i++) {
        wanted[row][i] = i % 3 == 0 ? (i + row) % CANDIDATES.length : -1;
      }
    }
    return wanted;
  }

  /** Adds gradients to those of a worker, and gives the loss. */
  @FunctionalInterface
  private interface Learning {
    double add(TrainableNetwork network, int worker);
  }

  /** How many gradients are as numeric differences of the loss are: four of each weight. */
  private static int gradientsChecked(Checkpoint checkpoint, Learning learning) {
    int checked = 0;
    try (TrainableNetwork network = network(checkpoint, DataType.FLOAT64)) {
      learning.add(network, 0);
      List<Weight> gradients = network.gradients(0);
      for (int k = 0; k < gradients.size(); k++) {
        float[] gradient = gradients.get(k).values();
        NDArray weight = network.state().weights().get(k).flatten();
        for (int i = 0; i < gradient.length; i += Math.max(1, gradient.length / 4)) {
          NDIndex at = new NDIndex(i);
          double value = weight.getDouble(i);
          weight.set(at, value + STEP);
          double above = learning.add(network, 1);
          weight.set(at, value - STEP);
          double below = learning.add(network, 1);
          weight.set(at, value);
          double expected = (above - below) / (2 * STEP);
          assertThat((double) gradient[i])
              .as("%s[%d]", gradients.get(k).name(), i)
              .isCloseTo(expected, within(1e-6 + 1e-4 * Math.abs(expected)));
          checked++;
        }
      }
    }
    return checked;
  }
}
