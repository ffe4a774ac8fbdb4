package swarmformer.analysis;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The number that logits are divided by for the least log loss.
 *
 * <p>The log loss is convex in the inverse of the temperature. Newton's method finds where its
 * slope is 0, inside a bracket that each step narrows; each step is a pass over the rows.
 */
final class Temperature {
  /** Temperatures beyond mean that there is no least: all is right, or no better than chance. */
  private static final double LEAST = 0.01;

  private static final double GREATEST = 100;
  private static final double PRECISION = 1e-12;
  private static final int MOST_STEPS = 100;

  private static final String GAP = "double(logit) - double(array_max(logits))";

  private final Dataset<Row> judged;

  private Temperature(Dataset<Row> judged) {
    this.judged = judged;
  }

  /** Slope of the log loss at an inverse temperature, and how fast that grows. */
  private record Slope(double value, double growth) {}

  /** Fits rows whose logits are finite; null where none from 0.01 to 100 has the least log loss. */
  static Double fit(Dataset<Row> judged) {
    return new Temperature(judged).fit();
  }

  private Double fit() {
    double low = 1 / GREATEST;
    double high = 1 / LEAST;
    if (slope(low).value() >= 0 || slope(high).value() <= 0) {
      return null;
    }
    double inverse = 1;
    for (int i = 0; i < MOST_STEPS; i++) {
      Slope slope = slope(inverse);
      low = slope.value() < 0 ? inverse : low;
      high = slope.value() < 0 ? high : inverse;
      double newton = inverse - slope.value() / slope.growth();
      double next = newton > low && newton < high ? newton : Math.sqrt(low * high);
      if (slope.value() == 0 || Math.abs(next - inverse) <= PRECISION * inverse) {
        break;
      }
      inverse = next;
    }
    return 1 / inverse;
  }

  /** The expected logit less that of the label, and the variance of the logit, as means. */
  private Slope slope(double inverse) {
    String weight = "exp(%sD * (%s))".formatted(inverse, GAP);
    Row means =
        judged
            .select(
                sum(weight).as("one"),
                sum("%s * (%s)".formatted(weight, GAP)).as("first"),
                sum("%s * pow(%s, 2)".formatted(weight, GAP)).as("second"),
                expr("double(logits[label]) - double(array_max(logits))").as("gap"))
            .agg(avg(expr("first / one - gap")), avg(expr("second / one - pow(first / one, 2)")))
            .head();
    return new Slope(means.getDouble(0), means.getDouble(1));
  }

  private static Column sum(String term) {
    return expr("aggregate(logits, 0D, (total, logit) -> total + %s)".formatted(term));
  }
}
