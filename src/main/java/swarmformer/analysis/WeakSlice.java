package swarmformer.analysis;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.HypergeometricDistribution;
import org.apache.commons.math3.distribution.IntegerDistribution;
import org.apache.commons.math3.special.Erf;

/** Whether some rows are right less often than the rest of them. */
final class WeakSlice {
  private static final long EXACT_UP_TO = 1_000;

  private WeakSlice() {}

  /**
   * How likely so few right rows are if they were drawn from all, one-sided. Exact by Fisher for up
   * to {@value #EXACT_UP_TO} rows, for which the binomial distribution is used where all are too
   * many for an int; of more that of the normal distribution, with pooled variance.
   *
   * @param rows fewer than {@code allRows}
   */
  static double pValue(long rows, long right, long allRows, long allRight) {
    double pooled = (double) allRight / allRows;
    if (rows <= EXACT_UP_TO) {
      IntegerDistribution drawn =
          allRows <= Integer.MAX_VALUE
              ? new HypergeometricDistribution(null, (int) allRows, (int) allRight, (int) rows)
              : new BinomialDistribution(null, (int) rows, pooled);
      return drawn.cumulativeProbability((int) right);
    }
    long otherRows = allRows - rows;
    double apart = (double) right / rows - (double) (allRight - right) / otherRows;
    double error = Math.sqrt(pooled * (1 - pooled) * (1.0 / rows + 1.0 / otherRows));
    return error == 0 ? 1 : Erf.erfc(-apart / error / Math.sqrt(2)) / 2;
  }
}
