package swarmformer.report;

import java.util.List;

/**
 * Bars that stand on the horizontal axis or on each other, drawn by {@code chart/bars.jte}.
 *
 * @param title what it shows
 * @param description the same for those who do not see it, with what is to be learned
 * @param plot its axes
 * @param series what is drawn
 */
public record BarChart(String title, String description, Plot plot, List<Series> series) {
  /**
   * Bars of one kind.
   *
   * @param name its name in the legend; empty for none
   * @param style which of the page's styles: {@code first}, {@code second} or {@code third}
   * @param bars from left to right
   */
  public record Series(String name, String style, List<Bar> bars) {}

  /**
   * A bar.
   *
   * @param from left end on the horizontal axis
   * @param to right end
   * @param base lower end on the vertical axis
   * @param height from there
   * @param note what is known of it
   */
  public record Bar(double from, double to, double base, double height, String note) {
    /** A bar on the axis. */
    public Bar(double from, double to, double height, String note) {
      this(from, to, 0, height, note);
    }

    /** Upper end on the vertical axis. */
    public double top() {
      return base + height;
    }
  }

  /** A chart of one kind of bars. */
  public static BarChart of(String title, String description, Plot plot, List<Bar> bars) {
    return new BarChart(title, description, plot, List.of(new Series("", "first", bars)));
  }

  /** The series with a name. */
  public List<Series> legend() {
    return series.stream().filter(each -> !each.name().isEmpty()).toList();
  }
}
