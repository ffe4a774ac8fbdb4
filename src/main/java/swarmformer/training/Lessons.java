package swarmformer.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import swarmformer.augment.Augmentation;
import swarmformer.tokens.Tokenizer;
import swarmformer.tokens.TruncationSide;

/**
 * Makes texts into what a network learns from: their tokens, and targets from label and teacher.
 */
final class Lessons {
  /** Parts of the texts; the teacher of each has learned from the others. */
  private static final int FOLDS = 5;

  /**
   * Texts are read so many times longer than the network, for windows elsewhere and the teacher.
   */
  private static final int LONGEST = 2_048;

  /** Of a text's vector, beside some 18 of the weighted features of a review. */
  private static final double VECTOR_LENGTH = 10;

  private final Recipe recipe;
  private final int classes;
  private final long seed;
  private final Tokenizer tokenizer;
  private final SavedState saved;
  private final Consumer<String> told;

  Lessons(Recipe recipe, int classes, long seed, SavedState saved, Consumer<String> told) {
    this.recipe = recipe;
    this.classes = classes;
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
  TrainingTexts.Variants variants(List<Example> training, List<Labelled> labelled) {
    if (recipe.augmentation().changesNothing()) {
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
            text -> new Example(ids(text), text.label(), (ids, part) -> smooth(text.label(), 0), 1))
        .toList();
  }

  /**
   * Texts to learn from: those without labels, then those with.
   *
   * @param validation what {@link #validation} gave
   */
  List<Example> training(
      List<Labelled> labelled, List<Labelled> unlabelled, List<Example> validation)
      throws IOException {
    List<int[]> ids = ids(Stream.concat(unlabelled.stream(), labelled.stream()));
    double share = recipe.teacher().share();
    float weight = (float) recipe.teacher().unlabelledWeight();
    List<Example.Target> taught =
        share > 0 || (weight > 0 && !unlabelled.isEmpty())
            ? taught(ids, labelled, validation)
            : Collections.nCopies(ids.size(), (tokens, part) -> new float[classes]); // of no weight
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

  /** The label's share of the target is smoothed, the teacher's is what it says of the same ids. */
  private Example.Target mixed(int label, double share, Example.Target taught) {
    double smoothing = recipe.schedule().labelSmoothing();
    return (ids, part) -> {
      float[] target = smooth(label, smoothing);
      float[] other = taught.of(ids, part);
      for (int i = 0; i < classes; i++) {
        target[i] = (float) ((1 - share) * target[i] + share * other[i]);
      }
      return target;
    };
  }

  /** What a teacher that has not learned a text's label says of it. */
  private List<Example.Target> taught(
      List<int[]> ids, List<Labelled> labelled, List<Example> validation) throws IOException {
    int[] fold = labelled.stream().mapToInt(text -> Split.bucket(text.group(), FOLDS)).toArray();
    if (Arrays.stream(fold).distinct().count() < 2) {
      throw new RecipeException(
          "Cannot fit teachers: each learns from some groups of the texts to teach the others, and there are too few. Set teacher.share=0 and teacher.unlabelled-weight=0 in the recipe, or another --validation-by.");
    }
    List<float[]> vectors = vectors(ids);
    int first = ids.size() - labelled.size();
    List<NgramTeacher.Text> known =
        IntStream.range(first, ids.size())
            .parallel()
            .mapToObj(row -> NgramTeacher.Text.of(ids.get(row), vectors.get(row)))
            .toList();
    int[] labels = labelled.stream().mapToInt(Labelled::label).toArray();
    NgramTeacher[] ofFold = teachers(fold, known, labels);
    NgramTeacher ofAll = NgramTeacher.fit(known, labels, classes, seed);
    if (recipe.teacher().documentVectorEpochs() == 0) { // texts that are put aside have none
      tellAccuracy(ofAll, validation);
    }
    return IntStream.range(0, ids.size())
        .<Example.Target>mapToObj(
            row -> {
              NgramTeacher teacher = row < first ? ofAll : ofFold[fold[row - first]];
              float[] vector = vectors.get(row);
              return (tokens, part) ->
                  teacher.shares(NgramTeacher.Text.of(tokens, Vectors.scaled(vector, part)));
            })
        .toList();
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
    List<float[]> fitted = DocumentVectors.fit(ids, epochs, VECTOR_LENGTH, seed);
    saved.saveVectors(fitted);
    return fitted;
  }

  /** For each fold a teacher that has not learned from its texts. */
  private NgramTeacher[] teachers(int[] fold, List<NgramTeacher.Text> texts, int[] labels) {
    NgramTeacher[] teachers =
        IntStream.range(0, FOLDS)
            .parallel()
            .mapToObj(
                held -> {
                  int[] others =
                      IntStream.range(0, fold.length).filter(i -> fold[i] != held).toArray();
                  return NgramTeacher.fit(
                      Arrays.stream(others).mapToObj(texts::get).toList(),
                      Arrays.stream(others).map(i -> labels[i]).toArray(),
                      classes,
                      seed + held);
                })
            .toArray(NgramTeacher[]::new);
    long known =
        IntStream.range(0, labels.length)
            .filter(i -> Validation.greatest(teachers[fold[i]].shares(texts.get(i))) == labels[i])
            .count();
    told.accept(
        String.format(
            Locale.ROOT,
            "Teacher: %.2f %% of the texts that it has not learned from",
            100.0 * known / labels.length));
    return teachers;
  }

  /** On whole texts, and on what the network reads of them. */
  private void tellAccuracy(NgramTeacher teacher, List<Example> validation) {
    if (validation.isEmpty()) {
      return;
    }
    int length = recipe.architecture().seqLen();
    told.accept(
        String.format(
            Locale.ROOT,
            "Teacher: %.2f %% of the validation, %.2f %% of it cut to %,d tokens",
            100 * accuracy(teacher, validation, Integer.MAX_VALUE),
            100 * accuracy(teacher, validation, length),
            length));
  }

  private double accuracy(NgramTeacher teacher, List<Example> texts, int length) {
    TruncationSide side = recipe.architecture().truncationSide();
    long known =
        texts.stream()
            .parallel()
            .filter(
                text ->
                    Validation.greatest(
                            teacher.shares(
                                NgramTeacher.Text.of(text.window(length, side), new float[0])))
                        == text.label())
            .count();
    return (double) known / texts.size();
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
