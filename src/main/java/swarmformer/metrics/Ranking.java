package swarmformer.metrics;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.sum;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How well the score of class 1, the difference of the two logits, sorts the rows of two classes.
 *
 * @param rocAuc area under the ROC curve, ties counted half
 * @param averagePrecision sum over the distinct scores, from the greatest down, of the precision
 *     there times the recall gained there
 * @param curve what taking all rows from a score up as class 1 gives, from the greatest score down,
 *     thinned as {@link ThinCurve} says
 */
public record Ranking(double rocAuc, double averagePrecision, List<Point> curve) {
  /**
   * A threshold.
   *
   * @param probability least p(class 1) that is taken as class 1
   * @param falsePositiveRate share of class 0 that is taken as class 1
   * @param recall share of class 1 that is taken as class 1
   * @param precision share of what is taken as class 1 that is right
   */
  public record Point(
      double probability, double falsePositiveRate, double recall, double precision) {}

  /**
   * Ranks rows that have both a label and finite logits. Each distinct score passes through the
   * driver once, a partition at a time.
   *
   * @param positives rows of class 1, at least 1
   * @param negatives rows of class 0, at least 1
   */
  static Ranking of(Dataset<Row> predictions, long positives, long negatives) {
    Iterator<Row> scores =
        predictions
            .groupBy(expr("double(logits[1]) - double(logits[0])").as("score"))
            .agg(
                sum(col("label").cast("long")).as("positives"),
                sum(expr("1L - label")).as("negatives"))
            .orderBy(col("score").desc())
            .toLocalIterator();
    Descent descent = new Descent(positives, negatives);
    scores.forEachRemaining(row -> descent.take(row.getDouble(0), row.getLong(1), row.getLong(2)));
    return descent.ranking();
  }

  /** Goes through the distinct scores from the greatest down. */
  private static final class Descent {
    private final double positives;
    private final double negatives;
    private final ThinCurve<Point> curve = new ThinCurve<>();
    private long truePositives;
    private long falsePositives;
    private double pairsInOrder;
    private double averagePrecision;

    Descent(long positives, long negatives) {
      this.positives = positives;
      this.negatives = negatives;
    }

    void take(double score, long right, long wrong) {
      pairsInOrder += wrong * (truePositives + right / 2.0);
      truePositives += right;
      falsePositives += wrong;
      double precision = (double) truePositives / (truePositives + falsePositives);
      averagePrecision += right / positives * precision;
      double falsePositiveRate = falsePositives / negatives;
      double recall = truePositives / positives;
      double probability = 1 / (1 + Math.exp(-score));
      curve.add(
          new Point(probability, falsePositiveRate, recall, precision),
          falsePositiveRate,
          recall,
          precision);
    }

    Ranking ranking() {
      return new Ranking(pairsInOrder / (positives * negatives), averagePrecision, curve.points());
    }
  }
}
