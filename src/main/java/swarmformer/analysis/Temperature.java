package swarmformer.analysis;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

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

  /** Logits of each row less the greatest, that of the label before all. */
  private final JavaRDD<double[]> rows;

  private Temperature(JavaRDD<double[]> rows) {
    this.rows = rows;
  }

  /** Fits rows whose logits are finite; null where none from 0.01 to 100 has the least log loss. */
  static Double fit(Dataset<Row> judged) {
    JavaRDD<double[]> rows =
        judged
            .select("label", "logits")
            .toJavaRDD()
            .map(new Gaps())
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return new Temperature(rows).fit();
    } finally {
      rows.unpersist();
    }
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

  private Slope slope(double inverse) {
    return new Slope(rows.aggregate(new double[2], new AddRow(inverse), new AddSums()));
  }

  /**
   * How the log loss changes with the inverse temperature, summed over rows. Tasks sum in an array:
   * {@code spark.serializer}, which carries their results, may know no class of ours.
   *
   * @param value slope: the expected logit less that of the label
   * @param growth how fast the slope grows: the variance of the logit
   */
  private record Slope(double value, double growth) {
    Slope(double... sums) {
      this(sums[0], sums[1]);
    }
  }

  /** Adds the sums of one task to those of another. */
  private static final class AddSums implements Function2<double[], double[], double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public double[] call(double[] sums, double[] other) {
      sums[0] += other[0];
      sums[1] += other[1];
      return sums;
    }
  }

  /** Brings a row into the form of {@link #rows}. */
  private static final class Gaps implements Function<Row, double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public double[] call(Row row) {
      List<Float> logits = row.getList(1);
      double greatest = logits.stream().mapToDouble(Float::doubleValue).max().orElseThrow();
      double[] gaps = new double[1 + logits.size()];
      gaps[0] = logits.get(row.getInt(0)) - greatest;
      for (int i = 0; i < logits.size(); i++) {
        gaps[1 + i] = logits.get(i) - greatest;
      }
      return gaps;
    }
  }

  /** Adds the slope of a row at an inverse temperature. */
  private static final class AddRow implements Function2<double[], double[], double[]> {
    private static final long serialVersionUID = 1L;

    private final double inverse;

    AddRow(double inverse) {
      this.inverse = inverse;
    }

    @Override
    public double[] call(double[] sums, double[] gaps) {
      double total = 0;
      double first = 0;
      double second = 0;
      for (int i = 1; i < gaps.length; i++) {
        double weight = Math.exp(inverse * gaps[i]);
        total += weight;
        first += weight * gaps[i];
        second += weight * gaps[i] * gaps[i];
      }
      double mean = first / total;
      sums[0] += mean - gaps[0];
      sums[1] += second / total - mean * mean;
      return sums;
    }
  }
}
