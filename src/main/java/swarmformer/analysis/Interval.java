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

  /** Wilson's interval of a share; 0 to 1 where there is no row. */
  public static Interval wilson(long part, long whole) {
    if (whole == 0) {
      return new Interval(0, 1);
    }
    double share = (double) part / whole;
    double scale = 1 + Z * Z / whole;
    double centre = (share + Z * Z / (2.0 * whole)) / scale;
    double variance = share * (1 - share) / whole + Z * Z / (4.0 * whole * whole);
    double half = Z * Math.sqrt(variance) / scale;
    return new Interval(
        part == 0 ? 0 : centre - half, part == whole ? 1 : Math.min(1, centre + half));
  }

  /** Whether a share lies in it. */
  public boolean contains(double share) {
    return low <= share && share <= high;
  }
}
