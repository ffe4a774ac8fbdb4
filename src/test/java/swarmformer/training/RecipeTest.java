package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.checkpoint.SwarmFormerConfig;

final class RecipeTest {
  @ParameterizedTest
  @ValueSource(strings = {"train-small.properties", "train-base.properties"})
  void readsTheRecipesOfTheProject(String file) throws IOException {
    String text = Files.readString(Path.of("conf", file));
    SwarmFormerConfig config =
        Recipe.read(text, file).architecture().config(List.of("negative", "positive"));
    String published =
        file.contains("small")
            ? "takara-ai/SwarmFormer-Sentiment-Small"
            : "takara-ai/SwarmFormer-Sentiment-Base";
    assertThat(config.hyperParameters())
        .isEqualTo(SwarmFormerConfig.published(published).orElseThrow().hyperParameters());
  }

  @Test
  void saysEverythingThatIsWrong() throws IOException {
    String text =
        Recipes.small()
                .replaceAll("(?m)^epochs=.*", "")
                .replaceAll("(?m)^model.seq-len=.*", "model.seq-len=2")
                .replaceAll("(?m)^model.truncation-side=.*", "model.truncation-side=both")
                .replaceAll("dropout.embedding=.*", "dropout.embedding=1.5")
            + "\nbatch-size=1.5\nlearning-rate=fast\nlerning-rate=1\n";
    assertThatThrownBy(() -> Recipe.read(text, "mine.properties"))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "Cannot use the recipe mine.properties: model.seq-len is 2, not a number from 3 to 65536;"
                + " model.truncation-side is both, not left or right;"
                + " dropout.embedding is 1.5, not a number from 0 to 0.99;"
                + " learning-rate is fast, not a number from 0 to 10; epochs is missing;"
                + " batch-size is 1.5, not a whole number; lerning-rate is not a setting."
                + " conf/train-small.properties explains every setting.");
  }

  @Test
  void refusesWhatIsNoPropertiesFile() {
    assertThatThrownBy(() -> Recipe.read("a=\\u12", "mine.properties"))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith(
            "Cannot use the recipe mine.properties: it is not a properties file");
  }

  @Test
  void epochsAndBatchSizeFollowTheNumberOfTexts() throws IOException {
    Recipe.Schedule auto = Recipes.tiny("epochs=auto", "batch-size=auto").schedule();
    assertThat(IntStream.of(1, 500, 2_000, 10_000, 73_000, 10_000_000).map(auto::epochs))
        .containsExactly(1_200, 54, 27, 12, 4, 1);
    assertThat(IntStream.of(1, 500, 2_000, 10_000, 10_000_000).map(auto::batchSize))
        .containsExactly(16, 16, 31, 64, 64);
    Recipe.Schedule fixed = Recipes.tiny("epochs=3", "batch-size=500").schedule();
    assertThat(fixed.epochs(10)).isEqualTo(3);
    assertThat(fixed.batchSize(10)).isEqualTo(500);
  }

  @Test
  void raisesTheLearningRateInALineAndLowersItAlongACosine() throws IOException {
    Recipe.Optimizer optimizer =
        Recipes.tiny("learning-rate=0.1", "learning-rate.warm-up=0.1", "learning-rate.end=0.2")
            .optimizer();
    assertThat(optimizer.at(0, 100).learningRate()).isCloseTo(0.01, within(1e-12));
    assertThat(optimizer.at(9, 100).learningRate()).isCloseTo(0.1, within(1e-12));
    assertThat(optimizer.at(55, 100).learningRate()).isCloseTo(0.06, within(1e-12));
    assertThat(optimizer.at(100, 100).learningRate()).isCloseTo(0.02, within(1e-12));
  }
}
