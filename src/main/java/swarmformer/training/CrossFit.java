package swarmformer.training;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A linear model of labelled texts, and for each fold of them one that has learned from the others.
 *
 * <p>What those say of their fold shows how far the logits can be trusted: within the texts that a
 * model has learned from, the runs of tokens that a single text has speak for its class, and the
 * bias makes up for them. With few texts, or classes of unequal size, that is far from what other
 * texts need.
 */
final class CrossFit {
  /** Parts of the texts. */
  private static final int FOLDS = 5;

  private final NgramTeacher ofAll;
  private final NgramTeacher[] ofFold;
  private final int[] fold;
  private final double accuracy;

  private CrossFit(NgramTeacher ofAll, NgramTeacher[] ofFold, int[] fold, double accuracy) {
    this.ofAll = ofAll;
    this.ofFold = ofFold;
    this.fold = fold;
    this.accuracy = accuracy;
  }

  /**
   * The fold of each text: all of a group are in one.
   *
   * @throws RecipeException if they are all in one
   */
  static int[] folds(List<Labelled> texts) {
    int[] fold = texts.stream().mapToInt(text -> Split.bucket(text.group(), FOLDS)).toArray();
    if (Arrays.stream(fold).distinct().count() < 2) {
      throw new RecipeException(
          "Cannot train: a linear model of some groups of the texts is validated on the others, and there are too few groups. Add texts with labels, or set another --validation-by.");
    }
    return fold;
  }

  /**
   * Fits the models.
   *
   * @param texts with vectors of one width
   * @param crops a part of each of them, by which the shares of short texts are calibrated, too; or
   *     none
   * @param labels the class of each
   * @param fold of each, from {@link #folds}
   */
  static CrossFit of(
      List<NgramTeacher.Text> texts,
      List<NgramTeacher.Text> crops,
      int[] labels,
      int[] fold,
      int classes,
      long seed) {
    NgramTeacher.Numbering features = NgramTeacher.Numbering.of(texts);
    NgramTeacher[] ofFold =
        IntStream.range(0, FOLDS)
            .parallel()
            .mapToObj(
                held -> {
                  int[] others =
                      IntStream.range(0, fold.length).filter(i -> fold[i] != held).toArray();
                  return NgramTeacher.fit(
                      Arrays.stream(others).mapToObj(texts::get).toList(),
                      features,
                      Arrays.stream(others).map(i -> labels[i]).toArray(),
                      classes,
                      seed + held);
                })
            .toArray(NgramTeacher[]::new);
    NgramTeacher ofAll = NgramTeacher.fit(texts, features, labels, classes, seed);
    List<NgramTeacher.Text> all = Stream.concat(texts.stream(), crops.stream()).toList();
    double[][] logits =
        IntStream.range(0, all.size())
            .parallel()
            .mapToObj(i -> ofFold[fold[i % fold.length]].logits(all.get(i)))
            .toArray(double[][]::new);
    List<PlattScaling> scaling =
        ofAll.scaling(
            logits,
            all.stream().mapToInt(NgramTeacher.Text::length).toArray(),
            IntStream.range(0, all.size()).map(i -> labels[i % labels.length]).toArray());
    NgramTeacher[] scaled =
        Arrays.stream(ofFold).map(t -> t.scaled(scaling)).toArray(NgramTeacher[]::new);
    long known =
        IntStream.range(0, fold.length)
            .parallel()
            .filter(i -> scaled[fold[i]].guess(texts.get(i)) == labels[i])
            .count();
    return new CrossFit(ofAll.scaled(scaling), scaled, fold, (double) known / fold.length);
  }

  /** The model of all texts. */
  NgramTeacher ofAll() {
    return ofAll;
  }

  /** The model that has not learned from a text. */
  NgramTeacher without(int text) {
    return ofFold[fold[text]];
  }

  /** Share of the texts that those know which have not learned from them. */
  double accuracy() {
    return accuracy;
  }
}
