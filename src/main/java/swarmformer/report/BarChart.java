package swarmformer.report;

import java.util.List;

/**
 * Bars that stand on the horizontal axis, drawn by {@code chart/bars.jte}.
 *
 * @param title what it shows
 * @param description the same for those who do not see it, with what is to be learned
 * @param plot its axes
 * @param bars what is drawn
 */
public record BarChart(String title, String description, Plot plot, List<Bar> bars) {
  /**
   * A bar.
   *
   * @param from left end on the horizontal axis
   * @param to right end
   * @param height on the vertical axis
   * @param note what is known of it
   */
  public record Bar(double from, double to, double height, String note) {}
}
