package swarmformer.training;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import swarmformer.augment.Augmentation;
import swarmformer.tokens.Tokenizer;

/**
 * Makes texts into what a network learns from: their tokens, and targets from label and teacher.
 */
final class TrainingExamples {
  /**
   * Texts are read so many times longer than the network, for windows elsewhere and the teacher.
   */
  private static final int LONGEST = 2_048;

  /** Of a text's vector, beside some 18 of the weighted features of a review. */
  private static final double VECTOR_LENGTH = 10;

  /** So that a teacher that is sure does not outvote the others for good. */
  private static final double SMALLEST_SHARE = 1e-6;

  /** How long the fitting of vectors tells nothing. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final Recipe recipe;
  private final int classes;
  private final List<Labelled> labelled;
  private final int[] fold;
  private final long seed;
  private final Tokenizer tokenizer;
  private final SavedState saved;
  private final Consumer<String> told;
  private NgramTeacher withoutVectors;

  /**
   * Examples from texts.
   *
   * @param labelled texts with labels
   * @throws RecipeException if they are of too few groups
   */
  TrainingExamples(
      Recipe recipe,
      int classes,
      List<Labelled> labelled,
      long seed,
      SavedState saved,
      Consumer<String> told) {
    this.recipe = recipe;
    this.classes = classes;
    this.labelled = labelled;
    this.fold = CrossFit.folds(labelled);
    this.seed = seed;
    this.saved = saved;
    this.told = told;
    Recipe.Architecture network = recipe.architecture();
    this.tokenizer = new Tokenizer(Math.max(LONGEST, network.seqLen()), network.truncationSide());
  }

  /**
   * Texts to learn from in their variants.
   *
   * @param training what {@link #training} gave, texts with labels last
   */
  TrainingTexts.Variants variants(List<Example> training) {
    if (!recipe.changesTexts()) {
      return (row, epoch) -> training.get(row);
    }
    Augmentation augmentation =
        Augmentation.of(
            labelled.stream().map(Labelled::text).toList(),
            labelled.stream().mapToInt(Labelled::label).toArray(),
            recipe.augmentation(),
            seed);
    augmentation.warning().ifPresent(told);
    int first = training.size() - labelled.size();
    return (row, epoch) ->
        row < first
            ? training.get(row)
            : training.get(row).with(tokenizer.encode(augmentation.text(row - first, epoch)).ids());
  }

  /** Texts to validate on. */
  List<Example> validation(List<Labelled> texts) {
    return texts.stream()
        .map(
            text ->
                new Example(
                    ids(text), text.label(), (passage, networks) -> smooth(text.label(), 0), 1))
        .toList();
  }

  /** Texts to learn from: those without labels, then those with. */
  List<Example> training(List<Labelled> unlabelled) throws IOException {
    List<Labelled> texts = Stream.concat(unlabelled.stream(), labelled.stream()).toList();
    List<int[]> ids = ids(texts.stream());
    double share = recipe.teacher().share();
    float weight = (float) recipe.teacher().unlabelledWeight();
    List<Example.Target> taught =
        share > 0 || (weight > 0 && !unlabelled.isEmpty())
            ? taught(texts, ids)
            : Collections.nCopies(
                ids.size(), (passage, networks) -> new float[classes]); // of no weight
    List<Example> examples = new ArrayList<>();
    for (int row = 0; row < unlabelled.size(); row++) {
      examples.add(new Example(ids.get(row), Labelled.UNLABELLED, taught.get(row), weight));
    }
    for (Labelled text : labelled) {
      int row = examples.size();
      Example.Target target = mixed(text.label(), share, taught.get(row));
      examples.add(new Example(ids.get(row), text.label(), target, 1));
    }
    return examples;
  }

  /**
   * The label's share of the target is smoothed, the teacher's is what it says of the same ids. The
   * label is the whole text's: of a crop only the teacher speaks.
   */
  private Example.Target mixed(int label, double share, Example.Target taught) {
    double smoothing = recipe.schedule().labelSmoothing();
    return (passage, networks) -> {
      float[] target = smooth(label, smoothing);
      if (share == 0) {
        return target;
      }
      float[] other = taught.of(passage, networks);
      if (passage.crop()) {
        return other;
      }
      for (int i = 0; i < classes; i++) {
        target[i] = (float) ((1 - share) * target[i] + share * other[i]);
      }
      return target;
    };
  }

  /** What a teacher that has not learned a text's label says of it. */
  private List<Example.Target> taught(List<Labelled> texts, List<int[]> ids) throws IOException {
    List<float[]> vectors = vectors(ids);
    int first = ids.size() - labelled.size();
    CrossFit teachers =
        vectors.get(0).length == 0
            ? crossFitWithoutVectors()
            : crossFit(
                ids.subList(first, ids.size()),
                (row, passage) -> linear(passage, vectors.get(first + row)));
    told.accept(
        String.format(
            Locale.ROOT,
            "Teacher: %.2f %% of the texts that it has not learned from",
            100 * teachers.accuracy()));
    return IntStream.range(0, ids.size())
        .<Example.Target>mapToObj(
            row -> {
              NgramTeacher teacher = row < first ? teachers.ofAll() : teachers.without(row - first);
              float[] vector = vectors.get(row);
              float[] softLabels = floats(texts.get(row).softLabels());
              return (passage, networks) ->
                  passage.crop() || softLabels.length == 0
                      ? averaged(teacher.shares(linear(passage, vector)), networks)
                      : softLabels.clone();
            })
        .toList();
  }

  private static NgramTeacher.Text linear(Passage passage, float[] vector) {
    return NgramTeacher.Text.of(passage.ids(), Vectors.scaled(vector, passage.part()));
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  private static double log(double share) {
    return Math.log(Math.max(SMALLEST_SHARE, share));
  }

  /**
   * The linear teacher's shares and those of networks, as the mean of their logarithms. Their
   * mistakes have much in common, so that the mean is calibrated where each of them is.
   *
   * @param networks logarithms of what they say; empty if there are none
   */
  private static float[] averaged(float[] shares, double[] networks) {
    if (networks.length == 0) {
      return shares;
    }
    float[] logits = new float[shares.length];
    for (int k = 0; k < shares.length; k++) {
      logits[k] = (float) ((log(shares[k]) + networks[k]) / 2);
    }
    double[] logs = Validation.logShares(logits);
    for (int k = 0; k < shares.length; k++) {
      logits[k] = (float) Math.exp(logs[k]);
    }
    return logits;
  }

  /** A linear model without vectors of texts, which those that are put aside do not have. */
  private NgramTeacher withoutVectors() {
    if (withoutVectors == null) {
      crossFitWithoutVectors();
    }
    return withoutVectors;
  }

  /** Only its model of all texts is kept here: those of the folds are many where classes are. */
  private CrossFit crossFitWithoutVectors() {
    CrossFit fitted =
        crossFit(ids(labelled.stream()), (row, passage) -> linear(passage, new float[0]));
    withoutVectors = fitted.ofAll();
    return fitted;
  }

  /** A part of the text with labels of this number, as the linear models see it. */
  @FunctionalInterface
  private interface Seen {
    NgramTeacher.Text text(int row, Passage passage);
  }

  /** Models of the texts with labels, which are calibrated for crops, too, if those are read. */
  private CrossFit crossFit(List<int[]> ids, Seen seen) {
    List<NgramTeacher.Text> crops =
        recipe.crops().share() == 0
            ? List.of()
            : rows().mapToObj(row -> seen.text(row, crop(row, ids.get(row)))).toList();
    return crossFit(
        rows().mapToObj(row -> seen.text(row, new Passage(ids.get(row), 1, false))).toList(),
        crops);
  }

  private IntStream rows() {
    return IntStream.range(0, labelled.size()).parallel();
  }

  private Passage crop(int row, int[] ids) {
    return Passage.crop(
        new Example(ids, Labelled.UNLABELLED, null, 1),
        recipe.crops().minTokens(),
        recipe.architecture().seqLen(),
        new SplittableRandom(seed + row));
  }

  private CrossFit crossFit(List<NgramTeacher.Text> texts, List<NgramTeacher.Text> crops) {
    int[] labels = labelled.stream().mapToInt(Labelled::label).toArray();
    return CrossFit.of(texts, crops, labels, fold, classes, seed);
  }

  /** A linear model of single tokens, for a network to begin with. */
  LinearLayer ofTokens() {
    return crossFit(
            rows().mapToObj(row -> NgramTeacher.Text.ofTokens(ids(labelled.get(row)))).toList(),
            List.of())
        .ofAll()
        .ofTokens(Tokenizer.VOCABULARY_SIZE);
  }

  /**
   * What models know of the validation that a network has to be better than; empty if there is
   * none.
   *
   * @param validation what {@link #validation} gave
   */
  Optional<Baselines> baselines(List<Example> validation) {
    if (validation.isEmpty()) {
      return Optional.empty();
    }
    long[] counts = new long[classes];
    labelled.forEach(text -> counts[text.label()]++);
    int frequent = IntStream.range(0, classes).reduce(0, (a, b) -> counts[b] > counts[a] ? b : a);
    return Optional.of(
        new Baselines(
            frequent,
            share(validation, text -> text.label() == frequent),
            linearAccuracy(validation)));
  }

  /** Share of texts whose class the linear model knows, which has learned from others. */
  double linearAccuracy(List<Example> texts) {
    NgramTeacher linear = withoutVectors();
    return share(
        texts,
        text -> linear.guess(NgramTeacher.Text.of(text.tokens(), new float[0])) == text.label());
  }

  /** A random part of each text, of at most {@link ShortParts#MOST_TOKENS}. */
  List<Example> shortParts(List<Example> texts) {
    SplittableRandom random = new SplittableRandom(seed);
    return texts.stream()
        .map(
            text ->
                text.with(
                    Passage.crop(text, recipe.crops().minTokens(), ShortParts.MOST_TOKENS, random)
                        .ids()))
        .toList();
  }

  private static double share(List<Example> texts, Predicate<Example> of) {
    return (double) texts.stream().parallel().filter(of).count() / texts.size();
  }

  private List<float[]> vectors(List<int[]> ids) throws IOException {
    int epochs = recipe.teacher().documentVectorEpochs();
    if (epochs == 0) {
      return Collections.nCopies(ids.size(), new float[0]);
    }
    Optional<List<float[]>> before = saved.vectors();
    if (before.isPresent()) {
      return before.get();
    }
    told.accept(
        String.format(Locale.ROOT, "Vectors of texts: fitting them to %,d texts", ids.size()));
    long start = System.nanoTime();
    List<float[]> fitted =
        DocumentVectors.fit(
            ids, epochs, VECTOR_LENGTH, seed, pass -> tellPass(pass, epochs, start));
    saved.saveVectors(fitted);
    return fitted;
  }

  /** Of few texts the passes are done before anybody asks. */
  private void tellPass(int pass, int passes, long start) {
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    if (taken.compareTo(SILENCE) > 0) {
      told.accept(
          String.format(
              Locale.ROOT,
              "Vectors of texts: pass %d of %d done after %,d s",
              pass,
              passes,
              taken.toSeconds()));
    }
  }

  private float[] smooth(int label, double spread) {
    float[] target = new float[classes];
    Arrays.fill(target, (float) (spread / classes));
    target[label] += (float) (1 - spread);
    return target;
  }

  private List<int[]> ids(Stream<Labelled> texts) {
    return texts.parallel().map(this::ids).toList();
  }

  private int[] ids(Labelled text) {
    return tokenizer.encode(text.text()).ids();
  }
}
