package swarmformer.metrics;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * How well the score of class 1, the difference of the two logits, sorts the rows of two classes.
 *
 * @param rocAuc area under the ROC curve, ties counted half
 * @param averagePrecision sum over the distinct scores, from the greatest down, of the precision
 *     there times the recall gained there
 * @param curve what taking all rows from a score up as class 1 gives, from the greatest score down,
 *     thinned as {@link ThinnedCurve} says
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

  private static final StructType FOUND =
      StructType.fromDDL(
          "pairs_in_order DOUBLE, average_precision DOUBLE, curve ARRAY<STRUCT<`probability`: DOUBLE,"
              + " `false_positive_rate`: DOUBLE, `recall`: DOUBLE, `precision`: DOUBLE>>");

  /**
   * Ranks rows that have both a label and finite logits.
   *
   * @param positives rows of class 1, at least 1
   * @param negatives rows of class 0, at least 1
   */
  static Ranking of(Dataset<Row> predictions, long positives, long negatives) {
    Dataset<Row> scores =
        predictions
            .groupBy(expr("double(logits[1]) - double(logits[0])").as(DescendingSums.VALUE))
            .agg(
                count(lit(1)).as(DescendingSums.ROWS),
                sum(col("label").cast("long")).as(DescendingSums.HITS));
    double pairsInOrder = 0;
    double averagePrecision = 0;
    ThinnedCurve<Point> curve = new ThinnedCurve<>();
    for (Row found : DescendingSums.of(scores, FOUND, new Walk(positives, negatives))) {
      pairsInOrder += found.getDouble(0);
      averagePrecision += found.getDouble(1);
      for (Row point : found.<Row>getList(2)) {
        add(
            new Point(
                point.getDouble(0), point.getDouble(1), point.getDouble(2), point.getDouble(3)),
            curve);
      }
    }
    double pairs = (double) positives * negatives;
    return new Ranking(pairsInOrder / pairs, averagePrecision, curve.points());
  }

  private static void add(Point point, ThinnedCurve<Point> curve) {
    curve.add(point, point.falsePositiveRate(), point.recall(), point.precision());
  }

  /** Goes through distinct scores from the greatest down. */
  private record Walk(double positives, double negatives) implements DescendingSums.Walk {
    @Override
    public Row walk(Iterator<Row> scores, long rows, long hits) {
      long truePositives = hits;
      long falsePositives = rows - hits;
      double pairsInOrder = 0;
      double averagePrecision = 0;
      ThinnedCurve<Point> curve = new ThinnedCurve<>();
      while (scores.hasNext()) {
        Row score = scores.next();
        long right = score.getLong(2);
        long wrong = score.getLong(1) - right;
        pairsInOrder += wrong * (truePositives + right / 2.0);
        truePositives += right;
        falsePositives += wrong;
        double precision = (double) truePositives / (truePositives + falsePositives);
        averagePrecision += right / positives * precision;
        double probability = 1 / (1 + Math.exp(-score.getDouble(0)));
        add(
            new Point(
                probability, falsePositives / negatives, truePositives / positives, precision),
            curve);
      }
      Row[] points =
          curve.points().stream()
              .map(
                  point ->
                      RowFactory.create(
                          point.probability(),
                          point.falsePositiveRate(),
                          point.recall(),
                          point.precision()))
              .toArray(Row[]::new);
      return RowFactory.create(pairsInOrder, averagePrecision, points);
    }
  }
}
