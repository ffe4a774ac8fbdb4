package swarmformer.bench;

import java.util.Arrays;

/**
 * A rate that was measured several times, in whatever unit for each second.
 *
 * @param least of all measurements
 * @param median of all measurements
 * @param greatest of all measurements
 */
public record Figure(double least, double median, double greatest) {
  /** Sums up measurements, at least one. */
  public static Figure of(double... rates) {
    double[] sorted = rates.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Figure(sorted[0], median, sorted[sorted.length - 1]);
  }

  /** The same rate in another unit. */
  public Figure times(double factor) {
    return new Figure(least * factor, median * factor, greatest * factor);
  }
}
