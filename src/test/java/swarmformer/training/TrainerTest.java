package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SafetensorsFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;
import swarmformer.model.Precision;
import swarmformer.model.TorchEngine;

final class TrainerTest {
  private static final List<String> CLASSES = List.of("negative", "positive");

  @TempDir Path folder;

  @BeforeAll
  static void startEngine() {
    TorchEngine.start(1);
  }

  /** Texts of chance words, one of which tells the class. */
  private static List<Labelled> texts(int count, int seed) {
    List<String> words =
        List.of("the", "film", "was", "a", "and", "of", "it", "in", "plot", "scene");
    Random random = new Random(seed);
    List<Labelled> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? "awful" : "superb");
      int length = 3 + random.nextInt(40);
      for (int word = 0; word < length; word++) {
        String next = " " + words.get(random.nextInt(words.size()));
        text.insert(random.nextBoolean() ? 0 : text.length(), next);
      }
      texts.add(new Labelled(text.toString().strip(), i % 2, "group " + i));
    }
    return texts;
  }

  private static List<Labelled> unlabelled() {
    return texts(100, 3).stream()
        .map(text -> new Labelled(text.text(), Labelled.UNLABELLED, text.group()))
        .toList();
  }

  private static void assertSame(Weights found, Weights expected) {
    for (int k = 0; k < expected.tensors().size(); k++) {
      assertThat(found.tensors().get(k).values()).isEqualTo(expected.tensors().get(k).values());
    }
  }

  private Training training(Recipe recipe, String name) {
    return training(recipe, List.of(), name);
  }

  private Training training(Recipe recipe, List<Labelled> unlabelled, String name) {
    return training(recipe, unlabelled, texts(60, 2), name);
  }

  private Training training(
      Recipe recipe, List<Labelled> unlabelled, List<Labelled> validation, String name) {
    return new Training(
        recipe,
        Optional.empty(),
        List.of(),
        CLASSES,
        texts(150, 1),
        unlabelled,
        validation,
        5,
        2,
        Device.cpu(),
        Precision.FLOAT32,
        folder.resolve(name));
  }

  private static TrainingProgress silent() {
    return new Stopping(Integer.MAX_VALUE);
  }

  /** Throws when so many epochs or lines were told. */
  private static final class Stopping implements TrainingProgress {
    private int left;

    Stopping(int left) {
      this.left = left;
    }

    @Override
    public void steps(String epoch, double share, double loss, double accuracy, double speed) {
      count();
    }

    @Override
    public void pretraining(TrainingHistory.Pretraining epoch) {
      count();
    }

    @Override
    public void epoch(TrainingHistory.Epoch epoch) {
      count();
    }

    private void count() {
      left--;
      if (left == 0) {
        throw new IllegalStateException("killed");
      }
    }
  }

  @Test
  void learnsWhichWordsTellTheClass() throws IOException {
    Training.Outcome outcome =
        training(Recipes.tiny("epochs=8"), "learns").run(silent(), line -> {});
    List<TrainingHistory.Epoch> epochs = outcome.history().epochs();
    assertThat(epochs).hasSize(9);
    assertThat(epochs.get(8).validationAccuracy()).isGreaterThan(0.95);
    assertThat(epochs.get(8).validationLoss()).isLessThan(epochs.get(0).validationLoss());
  }

  /** The words of a text are those that go with its class. */
  @Test
  void learnsToGuessMaskedTokens() throws IOException {
    Training training =
        training(
            Recipes.tiny("pretrain.epochs=30", "pretrain.learning-rate=0.02", "epochs=1"),
            "masked");
    List<TrainingHistory.Pretraining> epochs =
        training.run(silent(), line -> {}).history().pretraining();
    assertThat(epochs).hasSize(30);
    assertThat(epochs.get(29).loss()).isLessThan(epochs.get(0).loss() / 2);
    assertThat(epochs.get(29).accuracy()).isGreaterThan(0.15);
  }

  @Test
  void textsWithoutWeightServePretrainingOnly() throws IOException {
    Recipe recipe = Recipes.tiny("epochs=1", "teacher.unlabelled-weight=0", "start.word-vectors=0");
    Weights without = last(recipe, List.of(), "without");
    Weights with = last(recipe, unlabelled(), "with");
    assertSame(with, without);
  }

  /** Those of the last epoch, which are kept where nothing is validated. */
  private Weights last(Recipe recipe, List<Labelled> unlabelled, String name) throws IOException {
    return training(recipe, unlabelled, List.of(), name).run(silent(), line -> {}).best().weights();
  }

  @Test
  void stopsAfterEpochsWithoutABetterOne() throws IOException {
    Training.Outcome outcome =
        training(Recipes.tiny("epochs=50", "patience=2"), "stops").run(silent(), line -> {});
    TrainingHistory history = outcome.history();
    List<TrainingHistory.Epoch> epochs = history.epochs().subList(1, history.epochs().size());
    double best =
        epochs.stream().mapToDouble(TrainingHistory.Epoch::validationAccuracy).max().orElseThrow();
    assertThat(epochs).hasSizeLessThan(50);
    assertThat(epochs.get(epochs.size() - 3).validationAccuracy()).isEqualTo(best);
    assertThat(epochs.subList(0, epochs.size() - 3))
        .allMatch(epoch -> epoch.validationAccuracy() < best);
  }

  /** Stopped within pretraining, behind it, behind an epoch, and within the last. */
  @Test
  void goesOnWhereItWasStoppedToTheSameWeights() throws IOException {
    Recipe recipe = Recipes.tiny("augment.combine=0.5", "pretrain.epochs=1");
    Training.Outcome whole = run(recipe, "whole", silent());
    for (int stop : new int[] {3, 11, 22, 38}) {
      String name = "stopped-" + stop;
      assertThatThrownBy(() -> run(recipe, name, new Stopping(stop))).hasMessage("killed");
      Training.Outcome resumed = run(recipe, name, silent());
      assertSame(resumed.best().weights(), whole.best().weights());
      assertThat(resumed.history().parts()).isEqualTo(whole.history().parts());
    }
  }

  /** Saves and tells after every step; keeps the last weights. */
  private Training.Outcome run(Recipe recipe, String name, TrainingProgress progress)
      throws IOException {
    return training(recipe, List.of(), List.of(), name)
        .run(progress, line -> {}, Duration.ZERO, Duration.ZERO);
  }

  /** 150 texts are 50 steps of 3, more than parts, and 10 of 16, fewer than parts. */
  @ParameterizedTest
  @CsvSource({"3, 20", "16, 10"})
  void keepsWhatThePartsOfAnEpochGave(int batchSize, int parts) throws IOException {
    Recipe recipe = Recipes.tiny("epochs=2", "batch-size=" + batchSize);
    TrainingHistory history = training(recipe, "parts").run(silent(), line -> {}).history();
    assertThat(history.parts()).hasSize(2 * parts);
    for (int epoch = 0; epoch < 2; epoch++) {
      List<TrainingHistory.Part> some = history.parts().subList(epoch * parts, (epoch + 1) * parts);
      double loss = 0;
      double reached = epoch;
      for (TrainingHistory.Part part : some) {
        assertThat(part.from()).isCloseTo(reached, within(1e-9));
        reached = part.to();
        loss += part.loss() * (part.to() - part.from());
      }
      assertThat(reached).isEqualTo(epoch + 1);
      assertThat(loss).isCloseTo(history.epochs().get(epoch + 1).loss(), within(1e-9));
    }
  }

  @Test
  void refusesToGoOnWithOtherTexts() throws IOException {
    Recipe recipe = Recipes.tiny("epochs=1");
    training(recipe, "same").run(silent(), line -> {});
    Training other =
        new Training(
            recipe,
            Optional.empty(),
            List.of(),
            CLASSES,
            texts(140, 1),
            List.of(),
            texts(60, 2),
            5,
            2,
            Device.cpu(),
            Precision.FLOAT32,
            folder.resolve("same"));
    assertThatThrownBy(() -> other.run(silent(), line -> {}))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(
            "its recipe, texts, soft labels, classes, seed, threads, device, --dtype, --from or --teacher were different");
  }

  /** With a learning rate of 0 the weights stay those of the model. */
  @Test
  void startsFromTheWeightsOfAModel() throws IOException {
    Recipe recipe = Recipes.tiny("epochs=1", "learning-rate=0");
    SwarmFormerConfig config = recipe.architecture().config(CLASSES);
    ModelFiles files = SafetensorsFiles.files("mine", config, CLASSES.size(), Dtype.F32);
    NamedModel model = NamedModel.toStartFrom(files, recipe);
    assertThat(model.name()).isEqualTo("mine");
    assertThat(model.sha256()).isEqualTo(DigestUtils.sha256Hex(files.weights()));
    Training training = from(model, recipe, "from");
    Weights trained = training.run(silent(), line -> {}).best().weights();
    assertSame(trained, model.checkpoint().weights());
    assertThat(training.fingerprint()).isNotEqualTo(training(recipe, "from").fingerprint());
    Recipe wider = Recipes.tiny("model.d-model=24");
    assertThatThrownBy(() -> NamedModel.toStartFrom(files, wider))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "Cannot start from mine: it has d_model 16 and 1 layers, and the recipe d_model 24 and 1 layers. Set model.d-model and model.layers in the recipe to the model's, or name another --from.");
  }

  /** As the published ones. With a learning rate of 0 the weights stay those of the model. */
  @Test
  void keepsTheClassifierOfAModelThatDoesNotNameItsClasses() throws IOException {
    Recipe recipe = Recipes.tiny("epochs=1", "learning-rate=0");
    SwarmFormerConfig config = recipe.architecture().config(List.of());
    ModelFiles files = SafetensorsFiles.files("mine", config, CLASSES.size(), Dtype.F32);
    NamedModel model = NamedModel.toStartFrom(files, recipe);
    Training training = from(model, recipe, "nameless");
    assertSame(training.run(silent(), line -> {}).best().weights(), model.checkpoint().weights());
  }

  private Training from(NamedModel model, Recipe recipe, String name) {
    return new Training(
        recipe,
        Optional.of(model),
        List.of(),
        CLASSES,
        texts(150, 1),
        List.of(),
        texts(60, 2),
        5,
        2,
        Device.cpu(),
        Precision.FLOAT32,
        folder.resolve(name));
  }

  /** What a body without training makes of texts tells their classes all the same. */
  @Test
  void fitsAClassifierToAModelForOtherClasses() throws IOException {
    Recipe recipe = Recipes.tiny("epochs=1", "learning-rate=0");
    List<String> names = List.of("a", "b", "c");
    SwarmFormerConfig three = recipe.architecture().config(names);
    Weights drawn = FirstWeights.draw(three, 3, recipe.start(), 1);
    NamedModel model = NamedModel.toStartFrom(Recipes.files("three", three, drawn), recipe);
    Training training = from(model, recipe, "three");
    List<String> told = new ArrayList<>();
    Training.Outcome outcome = training.run(silent(), told::add);
    assertThat(told).contains("Classifier: fitted to the labels, since three is for a, b, c");
    Weights trained = outcome.best().weights();
    int body = trained.tensors().size() - 2;
    for (int k = 0; k < body; k++) {
      assertThat(trained.tensors().get(k).values()).isEqualTo(drawn.tensors().get(k).values());
    }
    assertThat(trained.tensors().get(body).shape()).containsExactly(2L, 16L);
    assertThat(outcome.history().epochs().get(0).validationAccuracy()).isGreaterThan(0.6);
  }

  /** The first word of these is known of the others to tell the class. */
  @Test
  void comparesTheModelWithOthers() throws IOException {
    Training.Outcome outcome =
        training(Recipes.tiny("epochs=1"), "compared").run(silent(), line -> {});
    Baselines others = outcome.baselines().orElseThrow();
    assertThat(others.alwaysFrequent()).isEqualTo(0.5);
    assertThat(others.linear()).isGreaterThan(0.95);
  }

  /** A learning rate that spoils everything. */
  @Test
  void keepsTheFirstWeightsIfNoEpochIsBetter() throws IOException {
    Recipe recipe = Recipes.tiny("epochs=1", "learning-rate=9", "gradient-norm=1000000");
    Training.Outcome outcome = training(recipe, "spoiled").run(silent(), line -> {});
    assertThat(outcome.history().best().orElseThrow().epoch()).isZero();
    assertThat(outcome.history().best().orElseThrow().text()).isEqualTo("the first weights");
    assertThat(outcome.history().best().orElseThrow().validationAccuracy()).isGreaterThan(0.9);
  }

  @Test
  void beginsWithWhatALinearModelOfTokensKnows() throws IOException {
    Recipe recipe = Recipes.tiny("epochs=1", "learning-rate=0", "start.word-vectors=0");
    TrainingHistory history = training(recipe, "begins").run(silent(), line -> {}).history();
    assertThat(history.epochs().get(0).validationAccuracy()).isGreaterThan(0.9);
  }

  @Test
  void learnsFromCrops() throws IOException {
    Recipe recipe =
        Recipes.tiny("epochs=6", "teacher.share=0.5", "crops.share=1", "crops.min-tokens=4");
    TrainingHistory history =
        training(recipe, unlabelled(), "crops").run(silent(), line -> {}).history();
    assertThat(history.epochs().get(1).accuracy()).isLessThan(0.9); // most crops lack the word
    assertThat(history.epochs().get(6).validationAccuracy()).isGreaterThan(0.9);
  }

  @Test
  void learnsFromTextsWithoutLabelsByItsTeacher() throws IOException {
    List<String> told = new ArrayList<>();
    Training training =
        training(Recipes.tiny("epochs=6", "teacher.share=0.5"), unlabelled(), "taught");
    TrainingHistory history = training.run(silent(), told::add).history();
    assertThat(told)
        .filteredOn(line -> line.startsWith("Teacher: "))
        .singleElement()
        .asString()
        .endsWith(" % of the texts that it has not learned from");
    assertThat(history.epochs().get(6).validationAccuracy()).isGreaterThan(0.95);
  }

  @Test
  void refusesTextsOfOneGroupAtOnce() throws IOException {
    Training training =
        new Training(
            Recipes.tiny("teacher.share=0.5", "teacher.document-vectors=1"),
            Optional.empty(),
            List.of(),
            CLASSES,
            texts(20, 1).stream()
                .map(text -> new Labelled(text.text(), text.label(), "one"))
                .toList(),
            List.of(),
            List.of(),
            5,
            2,
            Device.cpu(),
            Precision.FLOAT32,
            folder.resolve("one"));
    List<String> told = new ArrayList<>();
    assertThatThrownBy(() -> training.run(silent(), told::add))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("Cannot train: ");
    assertThat(told).isEmpty();
  }

  @Test
  void theTeacherLearnsFromVectorsOfTexts() throws IOException {
    List<String> told = new ArrayList<>();
    Recipe recipe = Recipes.tiny("epochs=6", "teacher.share=0.5", "teacher.document-vectors=3");
    Training training = training(recipe, unlabelled(), "vectors");
    TrainingHistory history = training.run(silent(), told::add).history();
    assertThat(told).first().asString().startsWith("Vectors of texts: fitting them to ");
    assertThat(told).filteredOn(line -> line.startsWith("Teacher: ")).hasSize(1);
    assertThat(history.epochs().get(6).validationAccuracy()).isGreaterThan(0.95);
  }
}
