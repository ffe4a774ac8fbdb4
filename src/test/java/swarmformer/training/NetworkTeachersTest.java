package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;
import swarmformer.model.TorchEngine;

final class NetworkTeachersTest {
  private static final List<String> CLASSES = List.of("bad", "fair", "good");

  @BeforeAll
  static void start() {
    TorchEngine.start(1);
  }

  private static ModelFiles model(String name, long seed) throws IOException {
    return model(name, Recipes.tiny().architecture().config(CLASSES), CLASSES.size(), seed);
  }

  private static ModelFiles model(String name, SwarmFormerConfig config, int classes, long seed)
      throws IOException {
    Weights drawn = FirstWeights.draw(config, classes, Recipes.tiny().start(), seed);
    return Recipes.files(name, config, drawn);
  }

  /** [CLS], words, [SEP]. */
  private static int[] ids(int words) {
    int[] ids = IntStream.range(2_000, 2_002 + words).toArray();
    ids[0] = 101;
    ids[words + 1] = 102;
    return ids;
  }

  private static double[] logShares(ModelFiles files, int[] ids) {
    try (SwarmFormer network =
        SwarmFormer.plain(Checkpoint.parse(files), Device.cpu(), Precision.FLOAT32, 256)) {
      float[] logits = network.logits(new int[][] {ids}).rows()[0];
      double all = 0;
      for (float logit : logits) {
        all += Math.exp(logit);
      }
      double sum = all;
      return IntStream.range(0, logits.length)
          .mapToDouble(k -> Math.log(Math.exp(logits[k]) / sum))
          .toArray();
    }
  }

  @Test
  void averagesTheLogarithmsOfEachNetworksProbabilities() throws IOException {
    ModelFiles one = model("one", 1);
    ModelFiles two = model("two", 2);
    int[][] texts = {ids(5), ids(20)};
    try (NetworkTeachers teachers =
        new NetworkTeachers(
            List.of(NamedModel.toTeach(one, CLASSES), NamedModel.toTeach(two, CLASSES)),
            Device.cpu(),
            Precision.FLOAT32,
            256)) {
      double[][] found = teachers.logShares(texts);
      for (int row = 0; row < texts.length; row++) {
        double[] first = logShares(one, texts[row]);
        double[] second = logShares(two, texts[row]);
        for (int k = 0; k < CLASSES.size(); k++) {
          assertThat(found[row][k]).isCloseTo((first[k] + second[k]) / 2, within(1e-5));
        }
      }
    }
  }

  /** The window of these networks has 32 tokens, and they read the end. */
  @Test
  void readsItsOwnWindowOfWhatIsLonger() throws IOException {
    ModelFiles files = model("one", 1);
    int[] all = ids(60);
    int[] end = IntStream.range(0, 32).map(i -> i == 0 ? 101 : all[all.length - 32 + i]).toArray();
    try (NetworkTeachers teachers =
        new NetworkTeachers(
            List.of(NamedModel.toTeach(files, CLASSES)), Device.cpu(), Precision.FLOAT32, 256)) {
      assertThat(teachers.logShares(new int[][] {all})[0])
          .containsExactly(logShares(files, end), within(1e-6));
    }
  }

  @Test
  void saysNothingWithoutNetworks() {
    try (NetworkTeachers teachers =
        new NetworkTeachers(List.of(), Device.cpu(), Precision.FLOAT32, 256)) {
      assertThat(teachers.logShares(new int[][] {ids(3)})[0]).isEmpty();
    }
  }

  @Test
  void refusesAModelForOtherClasses() throws IOException {
    ModelFiles files = model("mine", 1);
    assertThatThrownBy(() -> NamedModel.toTeach(files, List.of("negative", "positive")))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "Cannot learn from mine: its classes are bad,fair,good, not negative,positive. Set --classes to the model's, in their order, or name another --teacher.");
  }

  /** As the published ones. */
  @Test
  void takesAModelThatDoesNotNameItsClasses() throws IOException {
    ModelFiles files = model("mine", Recipes.tiny().architecture().config(List.of()), 2, 1);
    assertThat(NamedModel.toTeach(files, List.of("negative", "positive")).name()).isEqualTo("mine");
    assertThatThrownBy(() -> NamedModel.toTeach(files, List.of("bad", "good")))
        .hasMessageContaining("its classes are negative,positive, not bad,good.");
  }

  @Test
  void refusesAModelOfAnotherVocabulary() throws IOException {
    SwarmFormerConfig config = new SwarmFormerConfig(1_000, 16, 32, 4, 1, 1, CLASSES);
    ModelFiles files = model("mine", config, CLASSES.size(), 1);
    assertThatThrownBy(() -> NamedModel.toTeach(files, CLASSES))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "Cannot learn from mine: its vocab_size is 1,000, and the tokenizer has 30,522 tokens. Name another --teacher.");
    Recipe recipe = Recipes.tiny();
    assertThatThrownBy(() -> NamedModel.toStartFrom(files, recipe))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "Cannot start from mine: its vocab_size is 1,000, and the tokenizer has 30,522 tokens. Name another --from.");
  }
}
