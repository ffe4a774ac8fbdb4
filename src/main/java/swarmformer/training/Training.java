package swarmformer.training;

import ai.djl.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import swarmformer.augment.Augmentation;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.Safetensors;
import swarmformer.checkpoint.SafetensorsWriter;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;
import swarmformer.training.SavedState.Standing;

/**
 * A training: what it starts from.
 *
 * @param recipe how
 * @param from a model whose weights it starts from; otherwise from new ones
 * @param teachers models that teach besides the linear one
 * @param classNames names of the classes, in order
 * @param labelled texts to learn from
 * @param unlabelled texts to learn from with a teacher
 * @param validation texts to choose the best epoch by; if there are none, it is the last
 * @param seed of everything that is drawn
 * @param workers threads
 * @param device where the network is
 * @param precision of the products of the network and its teachers, not of the validation
 * @param folder what is needed to resume after a kill lies here
 */
public record Training(
    Recipe recipe,
    Optional<NamedModel> from,
    List<NamedModel> teachers,
    List<String> classNames,
    List<Labelled> labelled,
    List<Labelled> unlabelled,
    List<Labelled> validation,
    long seed,
    int workers,
    Device device,
    Precision precision,
    Path folder) {
  /** The least number that becomes infinite as a float16. */
  private static final float INFINITE_FLOAT16 = 65_520;

  private static final Duration BETWEEN_SAVES = Duration.ofMinutes(3);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  /** Keeps copies of the lists. */
  public Training {
    teachers = List.copyOf(teachers);
    classNames = List.copyOf(classNames);
    labelled = List.copyOf(labelled);
    unlabelled = List.copyOf(unlabelled);
    validation = List.copyOf(validation);
  }

  /**
   * What a training gave.
   *
   * @param best the checkpoint of the best epoch
   * @param history of all
   * @param baselines what others know of the validation, if there is one
   * @param shortParts what is known of short parts of it, if there is one
   * @param predictions its classes of the validation
   * @param storage the smaller of float16 and float32 that changes no prediction of the validation
   */
  public record Outcome(
      Checkpoint best,
      TrainingHistory history,
      Optional<Baselines> baselines,
      Optional<ShortParts> shortParts,
      List<Integer> predictions,
      Dtype storage) {}

  /**
   * Trains, or resumes what was begun in the directory.
   *
   * @param told about the teacher
   */
  public Outcome run(TrainingProgress progress, Consumer<String> told) throws IOException {
    return run(progress, told, BETWEEN_SAVES, BETWEEN_LINES);
  }

  Outcome run(
      TrainingProgress progress,
      Consumer<String> told,
      Duration betweenSaves,
      Duration betweenLines)
      throws IOException {
    SwarmFormer.checkPrecision(device, Precision.FLOAT32); // in which it is validated
    try (SavedState saved = new SavedState(folder, fingerprint());
        NetworkTeachers networks =
            new NetworkTeachers(teachers, device, precision, recipe.schedule().microBatch())) {
      // Another training's state is refused before a teacher learns.
      Optional<Standing> standing = saved.standing();
      TrainingExamples lessons =
          new TrainingExamples(recipe, classNames.size(), labelled, seed, saved, told);
      List<Example> validated = lessons.validation(validation);
      List<Example> learned = lessons.training(unlabelled);
      TrainingTexts texts =
          new TrainingTexts(learned, lessons.variants(learned), validated, networks);
      Weights first = standing.isPresent() ? drawn() : first(lessons, learned, told);
      Optional<Baselines> baselines = lessons.baselines(validated);
      TrainingHistory history =
          new Trainer(this, texts, saved, betweenSaves, betweenLines, progress)
              .run(first, standing);
      Checkpoint best = new Checkpoint(config(), saved.best(config()));
      Validation ofBest = new Validation(validated, device, recipe.schedule().microBatch());
      List<Integer> predictions = ofBest.predictions(best);
      return new Outcome(
          best,
          history,
          baselines,
          shortParts(lessons, validated, best),
          predictions,
          storage(best, ofBest, predictions));
    }
  }

  /** The configuration of the network. */
  SwarmFormerConfig config() {
    return recipe.architecture().config(classNames);
  }

  private Weights drawn() {
    return FirstWeights.draw(config(), classNames.size(), recipe.start(), seed);
  }

  private Weights first(TrainingExamples lessons, List<Example> texts, Consumer<String> told) {
    if (from.isPresent()) {
      return first(from.get(), lessons, told);
    }
    Weights first = drawn();
    int epochs = recipe.start().wordVectorEpochs();
    if (epochs > 0) {
      told.accept(
          String.format(Locale.ROOT, "Word vectors: fitting them to %,d texts", texts.size()));
      WordVectors.fit(
          texts.stream().map(Example::tokens).toList(),
          first.tensors().get(0).values(),
          recipe.architecture().dModel(),
          epochs,
          recipe.start().embeddingDeviation(),
          seed);
    }
    FirstWeights.add(lessons.ofTokens(), first, config(), recipe.start(), seed);
    return first;
  }

  /** Those of a model; for other classes it gets another classifier. */
  private Weights first(NamedModel model, TrainingExamples lessons, Consumer<String> told) {
    Checkpoint checkpoint = model.checkpoint();
    if (checkpoint.classNames().equals(classNames)) {
      return checkpoint.weights();
    }
    told.accept(
        "Classifier: fitted to the labels, since %s is for %s"
            .formatted(model.name(), String.join(", ", checkpoint.classNames())));
    return LinearProbe.fit(
        checkpoint.weights(),
        recipe.architecture(),
        classNames.size(),
        labelled,
        lessons.validation(labelled),
        device,
        recipe.schedule().microBatch(),
        seed);
  }

  /** Threads that suit a device: all cores, or one, which keeps a GPU busy. */
  public static int workers(Device device) {
    return device.isGpu() ? 1 : Runtime.getRuntime().availableProcessors();
  }

  /** Removes what was kept to resume. */
  public void forget() throws IOException {
    SavedState.delete(folder);
  }

  private Optional<ShortParts> shortParts(
      TrainingExamples lessons, List<Example> texts, Checkpoint best) {
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    List<Example> parts = lessons.shortParts(texts);
    double model =
        new Validation(parts, device, recipe.schedule().microBatch()).of(best).accuracy();
    return Optional.of(new ShortParts(model, lessons.linearAccuracy(parts)));
  }

  private static Dtype storage(Checkpoint best, Validation validation, List<Integer> predictions) {
    if (predictions.isEmpty() || !fitsFloat16(best.weights())) {
      return Dtype.F32;
    }
    byte[] file = SafetensorsWriter.write(best.weights().tensors(), Dtype.F16);
    SwarmFormerConfig config = best.config();
    Weights rounded = Weights.check(config, Safetensors.parse(file, "float16"), "float16");
    return predictions.equals(validation.predictions(new Checkpoint(config, rounded)))
        ? Dtype.F16
        : Dtype.F32;
  }

  /** Whether all weights stay finite as float16: no reader takes others. */
  private static boolean fitsFloat16(Weights weights) {
    for (Weights.Weight tensor : weights.tensors()) {
      for (float value : tensor.values()) {
        if (Math.abs(value) >= INFINITE_FLOAT16) {
          return false;
        }
      }
    }
    return true;
  }

  /** SHA-256 of all that the result depends on. */
  public String fingerprint() {
    MessageDigest hash = DigestUtils.getSha256Digest();
    add(hash, recipe + " " + classNames + " " + seed + " " + workers + " " + device);
    if (precision != Precision.FLOAT32) {
      add(hash, "dtype " + precision);
    }
    from.ifPresent(model -> add(hash, "from " + model.sha256()));
    teachers.forEach(model -> add(hash, "teacher " + model.sha256()));
    if (recipe.augmentation().synonyms() > 0) {
      add(hash, "synonyms " + Augmentation.hasSynonyms());
    }
    for (List<Labelled> texts : List.of(labelled, unlabelled, validation)) {
      add(hash, String.valueOf(texts.size()));
      for (Labelled text : texts) {
        add(hash, text.text());
        add(hash, text.label() + " " + text.group());
        if (!text.softLabels().isEmpty()) {
          add(hash, "soft labels " + text.softLabels());
        }
      }
    }
    return Hex.encodeHexString(hash.digest());
  }

  private static void add(MessageDigest hash, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    hash.update(bytes);
  }
}
