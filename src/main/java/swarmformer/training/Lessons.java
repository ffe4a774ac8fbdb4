package swarmformer.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import swarmformer.augment.Augmentation;
import swarmformer.tokens.Tokenizer;

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

  private final Recipe recipe;
  private final int classes;
  private final long seed;
  private final Tokenizer tokenizer;
  private final Consumer<String> told;

  Lessons(Recipe recipe, int classes, long seed, Consumer<String> told) {
    this.recipe = recipe;
    this.classes = classes;
    this.seed = seed;
    this.told = told;
    this.tokenizer = new Tokenizer(Math.max(LONGEST, recipe.architecture().seqLen()));
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

  /** Texts to validate on, from their beginning. */
  List<Example> validation(List<Labelled> texts) {
    return texts.stream()
        .map(text -> new Example(ids(text), text.label(), hard(text.label()), 1))
        .toList();
  }

  /** Texts to learn from: those without labels, then those with. */
  List<Example> training(
      List<Labelled> labelled, List<Labelled> unlabelled, List<Labelled> validation) {
    List<int[]> ids = ids(labelled);
    int[] labels = labelled.stream().mapToInt(Labelled::label).toArray();
    double share = recipe.teacher().share();
    List<float[]> taught = new ArrayList<>();
    List<Example> examples = new ArrayList<>();
    boolean teaches = share > 0 || !unlabelled.isEmpty();
    if (teaches) {
      List<int[]> features = features(ids);
      taught = acrossFolds(labelled, features, labels);
      NgramTeacher teacher = NgramTeacher.fit(features, labels, classes, seed);
      tellAccuracy(teacher, validation);
      List<int[]> more = ids(unlabelled);
      float weight = (float) recipe.teacher().unlabelledWeight();
      more.stream()
          .parallel()
          .map(
              tokens ->
                  new Example(
                      tokens,
                      Labelled.UNLABELLED,
                      teacher.shares(NgramTeacher.features(tokens)),
                      weight))
          .forEachOrdered(examples::add);
    }
    for (int row = 0; row < labels.length; row++) {
      float[] target = smooth(labels[row]);
      for (int i = 0; teaches && i < classes; i++) {
        target[i] = (float) ((1 - share) * target[i] + share * taught.get(row)[i]);
      }
      examples.add(new Example(ids.get(row), labels[row], target, 1));
    }
    return examples;
  }

  /** What teachers say of texts that they have not learned from. */
  private List<float[]> acrossFolds(List<Labelled> texts, List<int[]> features, int[] labels) {
    int[] fold = texts.stream().mapToInt(text -> Split.bucket(text.group(), FOLDS)).toArray();
    float[][] shares = new float[labels.length][];
    IntStream.range(0, FOLDS)
        .parallel()
        .forEach(
            held -> {
              int[] others = IntStream.range(0, fold.length).filter(i -> fold[i] != held).toArray();
              NgramTeacher teacher =
                  NgramTeacher.fit(
                      Arrays.stream(others).mapToObj(features::get).toList(),
                      Arrays.stream(others).map(i -> labels[i]).toArray(),
                      classes,
                      seed + held);
              IntStream.range(0, fold.length)
                  .filter(i -> fold[i] == held)
                  .forEach(i -> shares[i] = teacher.shares(features.get(i)));
            });
    long known =
        IntStream.range(0, labels.length)
            .filter(i -> Validation.greatest(shares[i]) == labels[i])
            .count();
    told.accept(
        "Teacher: %.2f %% of the texts that it has not learned from"
            .formatted(100.0 * known / labels.length));
    return Arrays.asList(shares);
  }

  private void tellAccuracy(NgramTeacher teacher, List<Labelled> validation) {
    if (validation.isEmpty()) {
      return;
    }
    long known =
        validation.stream()
            .parallel()
            .filter(
                text ->
                    Validation.greatest(teacher.shares(NgramTeacher.features(ids(text))))
                        == text.label())
            .count();
    told.accept("Teacher: %.2f %% of the validation".formatted(100.0 * known / validation.size()));
  }

  private float[] hard(int label) {
    float[] target = new float[classes];
    target[label] = 1;
    return target;
  }

  private float[] smooth(int label) {
    double spread = recipe.schedule().labelSmoothing();
    float[] target = new float[classes];
    Arrays.fill(target, (float) (spread / classes));
    target[label] += (float) (1 - spread);
    return target;
  }

  private List<int[]> ids(List<Labelled> texts) {
    return texts.stream().parallel().map(this::ids).toList();
  }

  private int[] ids(Labelled text) {
    return tokenizer.encode(text.text()).ids();
  }

  private static List<int[]> features(List<int[]> ids) {
    return ids.stream().parallel().map(NgramTeacher::features).toList();
  }
}
