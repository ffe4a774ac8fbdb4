package swarmformer.analysis;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.metrics.Softmax;

/**
 * Labels that may be wrong: those of rows that reach another class's usual confidence, its mean
 * probability over the rows with its label, rather than that of their label. Another class than the
 * predicted one may be suggested, and errors of the model are among them.
 *
 * <p>Northcutt, Jiang and Chuang, <i>Confident Learning: Estimating Uncertainty in Dataset
 * Labels</i> (2021): the rows off the diagonal of the confident joint.
 *
 * @param rows their number
 * @param share their share of all rows
 * @param pairs by label and suggested class, the most frequent pair first
 */
public record LabelIssues(long rows, double share, List<Pair> pairs) {
  /**
   * Rows of one label for which one other class is suggested.
   *
   * @param label class they have
   * @param suggested the likeliest of the classes whose usual confidence they reach
   * @param rows their number
   */
  public record Pair(long label, long suggested, long rows) {}

  /** Goes through rows, at least one, whose logits are finite. */
  static LabelIssues of(Dataset<Row> judged, int classes, long total) {
    Dataset<Row> rows = judged.select(col("label"), Softmax.probabilities().as("p"));
    double[] thresholds = new double[classes];
    Arrays.fill(thresholds, Double.POSITIVE_INFINITY); // of a class without rows
    rows.groupBy("label")
        .agg(avg(expr("p[label]")))
        .collectAsList()
        .forEach(row -> thresholds[row.getInt(0)] = row.getDouble(1));
    List<Pair> pairs =
        rows
            .select(col("label"), suggested(thresholds).as("suggested"))
            .where("suggested <> label")
            .groupBy("label", "suggested")
            .count()
            .collectAsList()
            .stream()
            .map(row -> new Pair(row.getInt(0), row.getInt(1), row.getLong(2)))
            .sorted(
                Comparator.comparing(Pair::rows)
                    .reversed()
                    .thenComparing(Pair::label)
                    .thenComparing(Pair::suggested))
            .toList();
    long found = pairs.stream().mapToLong(Pair::rows).sum();
    return new LabelIssues(found, (double) found / total, pairs);
  }

  /** The likeliest of the classes that reach their thresholds; null if there is none. */
  private static Column suggested(double[] thresholds) {
    String reached =
        Arrays.stream(thresholds)
            .mapToObj(each -> "double('%s')".formatted(each))
            .collect(Collectors.joining(", ", "array(", ")"));
    return expr(
        "-array_max(filter(transform(p, (x, class) -> struct(x, -class AS class)), each -> each.x >= %s[-each.class])).class"
            .formatted(reached));
  }
}
