package swarmformer.analysis;

/**
 * Rows of nights whose labels have come.
 *
 * @param rows those with a label and a prediction
 * @param right those of them that are predicted right
 */
public record NightAccuracy(long rows, long right) {
  /** None. */
  public static final NightAccuracy NONE = new NightAccuracy(0, 0);

  /** Share of the right ones; null without rows. */
  public Double accuracy() {
    return rows == 0 ? null : (double) right / rows;
  }

  /** Where the true accuracy lies; there are rows. */
  public Interval interval() {
    return Interval.wilson(right, rows);
  }
}
