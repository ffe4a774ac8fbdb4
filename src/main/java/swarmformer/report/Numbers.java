package swarmformer.report;

import java.util.Locale;
import swarmformer.analysis.Interval;

/** Numbers as the pages write them; the same on every machine. */
public final class Numbers {
  /** What stands where there is no number. */
  public static final String NONE = "–";

  private Numbers() {}

  /** A count: {@code 25,000}. */
  public static String count(long count) {
    return text("%,d", count);
  }

  /** A share of one: {@code 86.42 %}; not all or none unless it is. */
  public static String percent(Double share) {
    return share == null ? NONE : percent("%.2f %%", share, 0.0001);
  }

  /** A share of one as a person says it: {@code 93 of 100}; not all or none unless it is. */
  public static String ofHundred(double share) {
    boolean rounds = (Math.round(100 * share) % 100 == 0) && share > 0 && share < 1;
    double thousand = share < 0.5 ? Math.ceil(1_000 * share) : Math.floor(1_000 * share);
    return rounds ? text("%,.0f of 1,000", thousand) : text("%.0f of 100", 100 * share);
  }

  /** Two shares of one: {@code 70.12 to 79.93 %}; neither is all or none unless it is. */
  public static String range(double low, double high) {
    return (percent(low).replace(" %", "") + " to " + percent(high)).replace('-', '−');
  }

  /** The bounds of a share of one: {@code 70.12 to 79.93 %}. */
  public static String range(Interval interval) {
    return range(interval.low(), interval.high());
  }

  /** A share of one without a fraction: {@code 5 %}; not all or none unless it is. */
  public static String wholePercent(double share) {
    return percent("%.0f %%", share, 0.01);
  }

  private static String percent(String format, double share, double least) {
    if (share > 0 && share < least) {
      return "< " + text(format, 100 * least);
    }
    double most = 1 - least;
    return share > most && share < 1 ? "> " + text(format, 100 * most) : text(format, 100 * share);
  }

  /** A difference of two shares: {@code +0.22 points}. */
  public static String points(double difference) {
    return pointsAlone(difference) + " points";
  }

  /** Two differences of shares: {@code −0.31 to +2.05 points}. */
  public static String pointsRange(double low, double high) {
    return pointsRangeAlone(low, high) + " points";
  }

  /** A difference of two shares where the unit stands elsewhere: {@code +0.22}. */
  static String pointsAlone(double difference) {
    return text("%+.2f", 100 * difference).replace('-', '−');
  }

  /** Two differences of shares where the unit stands elsewhere: {@code −0.31 to +2.05}. */
  static String pointsRangeAlone(double low, double high) {
    return pointsAlone(low) + " to " + pointsAlone(high);
  }

  /** A share of one as a style takes it. */
  public static String share(double share) {
    return text("%.3f", share);
  }

  /** A number with four digits after the point. */
  public static String decimal(Double value) {
    return value == null ? NONE : text("%.4f", value);
  }

  /** A p-value with its sign: {@code = 0.0312}, {@code < 0.0001}. */
  public static String probability(double p) {
    return p < 0.0001 ? "< 0.0001" : text("= %.4f", p);
  }

  /** A measured number with the digits that matter. */
  public static String measured(double value) {
    double size = Math.abs(value);
    return text(size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%,.0f", value);
  }

  /** An index with the digits that matter: {@code 0.043}. */
  public static String index(Double value) {
    return value == null ? NONE : text("%.3f", value);
  }

  /** A time: {@code 120 ms}, {@code 3.10 s}, {@code 2 min 57 s}. */
  public static String time(double ms) {
    if (ms < 1_000) {
      return measured(ms) + " ms";
    }
    long seconds = Math.round(ms / 1_000);
    return seconds < 100
        ? measured(ms / 1_000) + " s"
        : seconds < 6_000
            ? text("%d min %02d s", seconds / 60, seconds % 60)
            : text("%d h %02d min", seconds / 3_600, seconds % 3_600 / 60);
  }

  /** A number without superfluous zeros, for the ticks of an axis. */
  static String tick(double value) {
    String plain = text("%.6f", value).replaceFirst("\\.?0+$", "");
    return Math.abs(value) >= 1_000 ? text("%,.0f", value) : plain.replace('-', '−');
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
