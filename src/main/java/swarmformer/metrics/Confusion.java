package swarmformer.metrics;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How often each class was taken for each.
 *
 * <p>Of two classes, class 1 is the positive one and {@link #precision}, {@link #recall} and {@link
 * #f1} are its own; of more classes they are unweighted means over all. A ratio of nothing to
 * nothing is 0, as in scikit-learn.
 *
 * @param counts rows by label, then by prediction (N, N)
 */
@SuppressWarnings("ArrayRecordComponent") // a matrix, never compared
public record Confusion(long[][] counts) {
  /**
   * Figures of one class.
   *
   * @param name of the class
   * @param labelled rows with that label
   * @param predicted rows with that prediction
   * @param precision share of these predictions that are right
   * @param recall share of these labels that are found
   * @param f1 harmonic mean of both
   */
  public record OneClass(
      String name, long labelled, long predicted, double precision, double recall, double f1) {}

  /** Counts rows, each of which has both a label and a prediction. */
  public static Confusion of(Dataset<Row> predictions, int classes) {
    long[][] counts = new long[classes][classes];
    predictions
        .groupBy(col("label"), col("prediction"))
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(row -> counts[row.getInt(0)][row.getInt(1)] = row.getLong(2));
    return new Confusion(counts);
  }

  /** Number of classes N. */
  public int classes() {
    return counts.length;
  }

  /** Number of rows that were predicted right. */
  public long right() {
    return IntStream.range(0, classes()).mapToLong(label -> counts[label][label]).sum();
  }

  /** All rows. */
  public long total() {
    return IntStream.range(0, classes()).mapToLong(this::labelled).sum();
  }

  /** Share of rows whose class was predicted, 0 to 1. */
  public double accuracy() {
    return ratio(right(), total());
  }

  /** The class that most rows are labelled with; of equal ones the first. */
  public int mostFrequentLabel() {
    return IntStream.range(0, classes())
        .reduce(0, (best, label) -> labelled(label) > labelled(best) ? label : best);
  }

  /** Accuracy of always saying the most frequent class: the base rate. */
  public double baseRate() {
    return ratio(labelled(mostFrequentLabel()), total());
  }

  /** The class that was predicted for every row; empty if there are several, or no rows. */
  public OptionalInt onlyPrediction() {
    return IntStream.range(0, classes())
        .filter(each -> total() > 0 && predicted(each) == total())
        .findFirst();
  }

  /** Share of the predictions of a class that are right. */
  public double precision() {
    return overClasses(this::precisionOf);
  }

  /** Share of the rows of a class that are found. */
  public double recall() {
    return overClasses(this::recallOf);
  }

  /** Harmonic mean of precision and recall. */
  public double f1() {
    return overClasses(this::f1Of);
  }

  /** Harmonic mean of precision and recall of one class. */
  private double f1Of(int label) {
    double sum = precisionOf(label) + recallOf(label);
    return sum == 0 ? 0 : 2 * precisionOf(label) * recallOf(label) / sum;
  }

  /** Share of the predictions of one class that are right. */
  private double precisionOf(int label) {
    return ratio(counts[label][label], predicted(label));
  }

  /** Share of the rows of one class that are found. */
  private double recallOf(int label) {
    return shareOf(label, label);
  }

  /** Share of the rows with a label that have a prediction. */
  public double shareOf(int label, int prediction) {
    return ratio(counts[label][prediction], labelled(label));
  }

  /** Number of rows with that label. */
  public long labelled(int label) {
    return LongStream.of(counts[label]).sum();
  }

  /** Number of rows with that prediction. */
  long predicted(int prediction) {
    return Arrays.stream(counts).mapToLong(row -> row[prediction]).sum();
  }

  /** Figures of each class, in order. */
  public List<OneClass> ofClasses(List<String> names) {
    return IntStream.range(0, classes())
        .mapToObj(
            each ->
                new OneClass(
                    names.get(each),
                    labelled(each),
                    predicted(each),
                    precisionOf(each),
                    recallOf(each),
                    f1Of(each)))
        .toList();
  }

  private double overClasses(IntToDoubleFunction measure) {
    return classes() == 2
        ? measure.applyAsDouble(1)
        : IntStream.range(0, classes()).mapToDouble(measure).average().orElse(0);
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
