package swarmformer.training;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Weights;
import swarmformer.checkpoint.Weights.Weight;

/**
 * A new classifier for a trained network: logistic regression of the classes on the vector that the
 * network makes of a text.
 */
final class LinearProbe {
  /** More would not make it better than the training that follows. */
  private static final int MOST_TEXTS = 20_000;

  /** Mean length that the vectors are brought to, as for {@link NgramTeacher#COST}. */
  private static final double LENGTH = 10;

  private LinearProbe() {}

  /**
   * Fits the classifier.
   *
   * @param model the network's weights, for whatever classes
   * @param network its sizes
   * @param classes how many there are now
   * @param labelled texts to learn from
   * @param examples the same, in tokens
   * @return the model's weights with the new classifier
   */
  static Weights fit(
      Weights model,
      Recipe.Architecture network,
      int classes,
      List<Labelled> labelled,
      List<Example> examples,
      Device device,
      int microBatch,
      long seed) {
    int[] rows = sample(labelled.size(), seed);
    List<float[]> vectors =
        new Validation(IntStream.of(rows).mapToObj(examples::get).toList(), device, microBatch)
            .logits(pooling(model, network));
    double mean =
        vectors.stream().mapToDouble(v -> Math.sqrt(Vectors.dot(v, v))).average().orElseThrow();
    double scale = mean > 0 ? LENGTH / mean : 0;
    List<Labelled> texts = IntStream.of(rows).mapToObj(labelled::get).toList();
    LinearLayer found =
        CrossFit.of(
                vectors.stream()
                    .map(v -> new NgramTeacher.Text(new int[0], Vectors.scaled(v, scale), 0))
                    .toList(),
                List.of(),
                texts.stream().mapToInt(Labelled::label).toArray(),
                CrossFit.folds(texts),
                classes,
                seed)
            .ofAll()
            .ofVectors();
    float[] weights = new float[classes * network.dModel()];
    for (int k = 0; k < classes; k++) {
      float[] scaled = Vectors.scaled(found.weights()[k], scale);
      System.arraycopy(scaled, 0, weights, k * network.dModel(), network.dModel());
    }
    return withClassifier(model, weights, found.biases());
  }

  /** Texts to learn from: all, or as many as are enough, drawn at random. */
  static int[] sample(int texts, long seed) {
    int[] rows = IntStream.range(0, texts).toArray();
    if (texts <= MOST_TEXTS) {
      return rows;
    }
    NgramTeacher.shuffle(rows, new SplittableRandom(seed));
    return Arrays.stream(rows, 0, MOST_TEXTS).sorted().toArray();
  }

  /** A network whose logits are the vector that the classifier would read. */
  private static Checkpoint pooling(Weights model, Recipe.Architecture network) {
    int width = network.dModel();
    float[] identity = new float[width * width];
    for (int i = 0; i < width; i++) {
      identity[i * width + i] = 1;
    }
    List<String> names = IntStream.range(0, width).mapToObj(i -> "value " + i).toList();
    return new Checkpoint(network.config(names), withClassifier(model, identity, new float[width]));
  }

  private static Weights withClassifier(Weights model, float[] weights, float[] biases) {
    int body = model.tensors().size() - 2;
    long width = weights.length / biases.length;
    List<Weight> tensors = new ArrayList<>(model.tensors().subList(0, body));
    String matrix = model.tensors().get(body).name();
    String bias = model.tensors().get(body + 1).name();
    tensors.add(new Weight(matrix, List.of((long) biases.length, width), weights));
    tensors.add(new Weight(bias, List.of((long) biases.length), biases));
    return new Weights(tensors, biases.length);
  }
}
