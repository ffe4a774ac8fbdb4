package swarmformer.report.trend;

import java.util.stream.DoubleStream;

/**
 * Ends of an axis that a few outliers do not stretch: it ends at the outermost value that is not
 * far from the middle half, if the others would have less than a third of the chart.
 *
 * @param from lower end
 * @param to upper end
 */
record ClippedScale(double from, double to) {
  /** Of the interquartile range, beyond the quartiles: Tukey's outer fences. */
  private static final double FENCE = 3;

  /** As much of the chart is left to the others at least. */
  private static final double LEAST_SHARE = 1.0 / 3;

  /**
   * The ends for some values.
   *
   * @param values in any order; none give a scale without length
   * @param least what the others are taken to span at least
   */
  static ClippedScale around(DoubleStream values, double least) {
    double[] sorted = values.sorted().toArray();
    if (sorted.length == 0) {
      return new ClippedScale(0, 0);
    }
    double first = sorted[(sorted.length - 1) / 4];
    double third = sorted[sorted.length - 1 - (sorted.length - 1) / 4];
    double low = first - FENCE * (third - first);
    double high = third + FENCE * (third - first);
    double[] inner =
        DoubleStream.of(sorted).filter(value -> value >= low && value <= high).toArray();
    ClippedScale all = new ClippedScale(sorted[0], sorted[sorted.length - 1]);
    ClippedScale most = new ClippedScale(inner[0], inner[inner.length - 1]);
    return Math.max(most.length(), least) < LEAST_SHARE * all.length() ? most : all;
  }

  /** The ends for some values, none of them negative, on an axis that begins at 0. */
  static ClippedScale fromZero(DoubleStream values, double least) {
    double[] sorted = values.sorted().toArray();
    double max = sorted.length == 0 ? 0 : sorted[sorted.length - 1];
    double most = around(DoubleStream.of(sorted), 0).to();
    return new ClippedScale(0, Math.max(most, least) < LEAST_SHARE * max ? most : max);
  }

  private double length() {
    return to - from;
  }
}
