package swarmformer.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a chart.
 *
 * @param title what it shows, with its unit
 * @param from value at its beginning
 * @param to value at its end, greater than {@code from}
 * @param ticks where it is labelled
 * @param marks what is marked across the chart, with a word on each
 */
public record Axis(String title, double from, double to, List<Tick> ticks, List<Tick> marks) {
  private static final int INTERVALS = 5;

  /** A labelled place. */
  public record Tick(double value, String label) {}

  /** An axis without marks. */
  public Axis(String title, double from, double to, List<Tick> ticks) {
    this(title, from, to, ticks, List.of());
  }

  /** The axis with marks in place of its own. */
  public Axis marked(List<Tick> places) {
    return new Axis(title, from, to, ticks, List.copyOf(places));
  }

  /** An axis of shares, labelled in percent. */
  public static Axis ofShares(String title, double from, double to) {
    return of(title, from, to, 100, " %");
  }

  /** An axis of numbers. */
  public static Axis ofNumbers(String title, double from, double to) {
    return of(title, from, to, 1, "");
  }

  /** An axis with ticks at round values, the end moved out to the next of them. */
  private static Axis of(String title, double from, double to, int scale, String unit) {
    double step = step(Math.max(to - from, 1e-6) * scale) / scale;
    List<Tick> ticks = new ArrayList<>();
    long first = Math.round(Math.floor(from / step + 1e-9));
    long last = Math.max(first + 1, Math.round(Math.ceil(to / step - 1e-9)));
    for (long i = first; i <= last; i++) {
      ticks.add(new Tick(i * step, Numbers.tick(i * step * scale) + unit));
    }
    return new Axis(title, first * step, last * step, List.copyOf(ticks));
  }

  /** 1, 2 or 5 times a power of ten, for about {@value #INTERVALS} intervals. */
  private static double step(double range) {
    double rough = range / INTERVALS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  /** The first and the last tick, and the one in the middle if there is one. */
  public List<Tick> ends() {
    int last = ticks.size() - 1;
    return last > 1 && last % 2 == 0
        ? List.of(ticks.get(0), ticks.get(last / 2), ticks.get(last))
        : List.of(ticks.get(0), ticks.get(last));
  }

  /** Place of a value on a line of a picture. */
  public String along(double value, double start, double length) {
    return Plot.place(start + position(value) * length);
  }

  /** Whether a value lies beyond one of the ends. */
  public boolean isBeyond(double value) {
    double tolerance = 1e-9 * (to - from);
    return value < from - tolerance || value > to + tolerance;
  }

  /** Where a value lies, from 0 at the beginning to 1 at the end. */
  double position(double value) {
    return Math.max(0, Math.min(1, (value - from) / (to - from)));
  }
}
