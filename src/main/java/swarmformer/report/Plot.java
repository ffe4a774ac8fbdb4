package swarmformer.report;

import java.util.List;
import java.util.Locale;

/**
 * The area that two axes span inside a picture, in units of its view box.
 *
 * @param x axis to the right
 * @param y axis upwards
 */
public record Plot(Axis x, Axis y) {
  /** Width of the picture. */
  public static final int WIDTH = 420;

  /** Height of the picture. */
  public static final int HEIGHT = 310;

  /** Left end of the horizontal axis. */
  public static final int LEFT = 64;

  /** Right end of the horizontal axis. */
  public static final int RIGHT = WIDTH - 22;

  /** Upper end of the vertical axis. */
  public static final int TOP = 10;

  /** Lower end of the vertical axis. */
  public static final int BOTTOM = HEIGHT - 48;

  /** Place of a value of the horizontal axis. */
  public String across(double value) {
    return place(LEFT + x.position(value) * (RIGHT - LEFT));
  }

  /** Place of a value of the vertical axis. */
  public String down(double value) {
    return place(BOTTOM - y.position(value) * (BOTTOM - TOP));
  }

  /** The path of a line through points. */
  public String path(List<LineChart.Point> points) {
    StringBuilder path = new StringBuilder();
    for (LineChart.Point point : points) {
      path.append(path.isEmpty() ? 'M' : 'L').append(across(point.x())).append(' ');
      path.append(down(point.y()));
    }
    return path.toString();
  }

  /** The path of a triangle that stands for a value beyond the vertical axis. */
  public String triangle(double x, double y) {
    boolean above = y > this.y.to();
    double edge = above ? TOP : BOTTOM;
    double tip = above ? -6 : 6;
    return "M%s %sl-5 0l5 %sl5 %sz".formatted(across(x), place(edge), place(tip), place(-tip));
  }

  /** Width of a bar, with a gap to the next if there is room for it, else without a seam. */
  public String width(BarChart.Bar bar) {
    double width = (x.position(bar.to()) - x.position(bar.from())) * (RIGHT - LEFT);
    return place(width > 3 ? width - 1 : width + 0.4);
  }

  /** Height of a bar. */
  public String height(BarChart.Bar bar) {
    return place((y.position(bar.top()) - y.position(bar.base())) * (BOTTOM - TOP));
  }

  static String place(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
