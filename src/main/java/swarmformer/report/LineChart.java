package swarmformer.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Lines over two axes, drawn by {@code chart/lines.jte}.
 *
 * @param title what it shows
 * @param description the same for those who do not see it, with what is to be learned
 * @param plot its axes
 * @param lines what is drawn, the last on top
 */
public record LineChart(String title, String description, Plot plot, List<Line> lines) {
  /**
   * A line.
   *
   * @param name its name in the legend; empty for none
   * @param style which of the page's styles: {@code first}, {@code second}, {@code third} or {@code
   *     guide}
   * @param dots whether its points are marked
   * @param points from left to right
   */
  public record Line(String name, String style, boolean dots, List<Point> points) {}

  /**
   * A point.
   *
   * @param x on the horizontal axis
   * @param y on the vertical axis
   * @param low lower end of its interval, {@code y} for none
   * @param high upper end of its interval, {@code y} for none
   * @param note what is known of it; empty for nothing
   */
  public record Point(double x, double y, double low, double high, String note) {
    /** A point without an interval or a note. */
    public static Point at(double x, double y) {
      return new Point(x, y, y, y, "");
    }
  }

  /** The lines with a name, that on top first. */
  public List<Line> legend() {
    List<Line> named = new ArrayList<>(lines);
    named.removeIf(line -> line.name().isEmpty());
    Collections.reverse(named);
    return named;
  }
}
