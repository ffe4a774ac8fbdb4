package swarmformer.analysis;

/**
 * Where the true share lies, with 95 % confidence.
 *
 * @param low least share
 * @param high greatest share
 */
public record Interval(double low, double high) {
  /** What 95 % of a normal distribution lie within, in standard deviations. */
  private static final double Z = 1.959963984540054;

  private static final int BISECTIONS = 100;

  /** Wilson's interval of a share; 0 to 1 where there is no row. */
  public static Interval wilson(long part, long whole) {
    if (whole == 0) {
      return new Interval(0, 1);
    }
    return wilson((double) part / whole, (double) whole, Z);
  }

  /**
   * Wilson's interval.
   *
   * @param rows as many as the share is worth
   * @param z standard deviations that it reaches to
   */
  static Interval wilson(double share, double rows, double z) {
    double scale = 1 + z * z / rows;
    double centre = (share + z * z / (2.0 * rows)) / scale;
    double variance = share * (1 - share) / rows + z * z / (4.0 * rows * rows);
    double half = z * Math.sqrt(variance) / scale;
    return new Interval(
        share == 0 ? 0 : centre - half, share == 1 ? 1 : Math.min(1, centre + half));
  }

  /**
   * Tango's score interval of the difference of two shares of the same rows.
   *
   * @param onlyFirst rows that only the first share counts
   * @param onlySecond rows that only the second share counts
   * @param rows all rows; -1 to 1 where there is none
   */
  public static Interval pairedDifference(long onlyFirst, long onlySecond, long rows) {
    return rows == 0
        ? new Interval(-1, 1)
        : pairedDifference((double) onlyFirst, (double) onlySecond, (double) rows, Z);
  }

  /**
   * Tango's score interval.
   *
   * @param rows as many as the difference is worth, not 0
   * @param z standard deviations that it reaches to
   */
  static Interval pairedDifference(double onlyFirst, double onlySecond, double rows, double z) {
    double difference = (onlyFirst - onlySecond) / rows;
    return new Interval(
        onlySecond == rows ? -1 : root(onlyFirst, onlySecond, rows, -1, difference, z),
        onlyFirst == rows ? 1 : root(onlyFirst, onlySecond, rows, difference, 1, -z));
  }

  /** The difference between two bounds at which the score, which falls, is {@code wanted}. */
  private static double root(
      double first, double second, double rows, double low, double high, double wanted) {
    double from = low;
    double to = high;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (from + to) / 2;
      if (score(first, second, rows, middle) > wanted) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return (from + to) / 2;
  }

  /** How far the observed difference is from a true one, in standard errors under that. */
  private static double score(double first, double second, double rows, double difference) {
    double a = 2 * rows;
    double b = -first - second + (2 * rows - first + second) * difference;
    double c = -second * difference * (1 - difference);
    double onlySecond = (Math.sqrt(b * b - 4 * a * c) - b) / (2 * a);
    double variance = rows * (2 * onlySecond + difference * (1 - difference));
    double distance = first - second - rows * difference;
    return distance == 0 ? 0 : distance / Math.sqrt(Math.max(0, variance));
  }
}
