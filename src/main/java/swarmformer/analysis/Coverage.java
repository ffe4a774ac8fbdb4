package swarmformer.analysis;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import swarmformer.metrics.DescendingSums;
import swarmformer.metrics.Softmax;
import swarmformer.metrics.ThinnedCurve;

/**
 * What is gained by leaving rows of little confidence to people. Rows of equal confidence are taken
 * together.
 *
 * @param curve from the greatest confidence down, thinned as {@link ThinnedCurve} says
 * @param targets the most rows that can be decided at an allowed error
 * @param thresholds what is decided from a given confidence up
 */
public record Coverage(List<Cut> curve, List<Target> targets, List<Threshold> thresholds) {
  private static final double[] ALLOWED_ERRORS = {0.01, 0.02, 0.05};
  private static final double[] CONFIDENCES = {0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};

  /**
   * The rows from a confidence up.
   *
   * @param confidence least probability of the predicted class
   * @param coverage share of all rows
   * @param error share of them that is wrong
   */
  public record Cut(double confidence, double coverage, double error) {}

  /**
   * The most rows that can be decided.
   *
   * @param allowedError greatest share of wrong ones among them
   * @param rows their number, 0 where even the surest are wrong too often
   * @param coverage their share of all rows
   * @param confidence least probability of the predicted class; null where there are no rows
   * @param error share of them that is wrong; null where there are no rows
   */
  public record Target(
      double allowedError, long rows, double coverage, Double confidence, Double error) {
    /** Where the true error of these rows lies: Wilson's interval; 0 to 1 where there are none. */
    public Interval errorInterval() {
      return Interval.wilson(error == null ? 0 : Math.round(error * rows), rows);
    }
  }

  /**
   * What is decided from a given confidence up.
   *
   * @param confidence least probability of the predicted class
   * @param rows number of rows
   * @param coverage their share of all rows
   * @param wrong how many of them are wrong
   * @param error their share; null where there are no rows
   */
  public record Threshold(
      double confidence, long rows, double coverage, long wrong, Double error) {}

  private static final String CUT = "STRUCT<`confidence`: DOUBLE, `rows`: BIGINT, `wrong`: BIGINT>";

  /** A target or threshold that no group of a partition meets is null there. */
  private static final StructType FOUND =
      StructType.fromDDL(
          String.format(
              Locale.ROOT, "curve ARRAY<%s>, targets ARRAY<%1$s>, thresholds ARRAY<%1$s>", CUT));

  /**
   * Goes through rows whose logits are finite.
   *
   * @param total number of rows, at least 1
   */
  static Coverage of(Dataset<Row> judged, long total) {
    Dataset<Row> confidences =
        judged
            .groupBy(Softmax.confidence(1).as(DescendingSums.VALUE))
            .agg(
                count(lit(1)).as(DescendingSums.ROWS),
                sum(LabelledRows.RIGHT).as(DescendingSums.HITS));
    ThinnedCurve<Cut> curve = new ThinnedCurve<>();
    Group[] targets = new Group[ALLOWED_ERRORS.length];
    Group[] thresholds = new Group[CONFIDENCES.length];
    for (Row found : DescendingSums.of(confidences, FOUND, new Walk(total))) {
      found.<Row>getList(0).forEach(cut -> Group.of(cut).addTo(curve, total));
      Group.keepLast(found.getList(1), targets);
      Group.keepLast(found.getList(2), thresholds);
    }
    return new Coverage(
        curve.points(),
        IntStream.range(0, targets.length)
            .mapToObj(i -> target(ALLOWED_ERRORS[i], targets[i], total))
            .toList(),
        IntStream.range(0, thresholds.length)
            .mapToObj(i -> threshold(CONFIDENCES[i], thresholds[i], total))
            .toList());
  }

  private static Target target(double allowedError, Group group, long total) {
    return group == null
        ? new Target(allowedError, 0, 0, null, null)
        : new Target(
            allowedError, group.rows, (double) group.rows / total, group.confidence, group.error());
  }

  private static Threshold threshold(double confidence, Group group, long total) {
    return group == null
        ? new Threshold(confidence, 0, 0, 0, null)
        : new Threshold(
            confidence, group.rows, (double) group.rows / total, group.wrong, group.error());
  }

  /** All rows from a confidence up. */
  private record Group(double confidence, long rows, long wrong) {
    double error() {
      return (double) wrong / rows;
    }

    static Group of(Row row) {
      return new Group(row.getDouble(0), row.getLong(1), row.getLong(2));
    }

    Row toRow() {
      return RowFactory.create(confidence, rows, wrong);
    }

    void addTo(ThinnedCurve<Cut> curve, long total) {
      double coverage = (double) rows / total;
      curve.add(new Cut(confidence, coverage, error()), coverage, error());
    }

    static void keepLast(List<Row> found, Group[] last) {
      for (int i = 0; i < last.length; i++) {
        last[i] = found.get(i) == null ? last[i] : of(found.get(i));
      }
    }

    static Row[] toRows(Group... groups) {
      return Arrays.stream(groups)
          .map(group -> group == null ? null : group.toRow())
          .toArray(Row[]::new);
    }
  }

  /** Goes through distinct confidences from the greatest down. */
  private record Walk(long total) implements DescendingSums.Walk {
    @Override
    public Row walk(Iterator<Row> confidences, long rowsBefore, long rightBefore) {
      long rows = rowsBefore;
      long right = rightBefore;
      ThinnedCurve<Group> curve = new ThinnedCurve<>();
      Group[] targets = new Group[ALLOWED_ERRORS.length];
      Group[] thresholds = new Group[CONFIDENCES.length];
      while (confidences.hasNext()) {
        Row next = confidences.next();
        rows += next.getLong(1);
        right += next.getLong(2);
        Group group = new Group(next.getDouble(0), rows, rows - right);
        curve.add(group, (double) rows / total, group.error());
        for (int i = 0; i < targets.length; i++) {
          targets[i] = group.error() <= ALLOWED_ERRORS[i] ? group : targets[i];
        }
        for (int i = 0; i < thresholds.length; i++) {
          thresholds[i] = group.confidence >= CONFIDENCES[i] ? group : thresholds[i];
        }
      }
      return RowFactory.create(
          Group.toRows(curve.points().toArray(Group[]::new)),
          Group.toRows(targets),
          Group.toRows(thresholds));
    }
  }
}
