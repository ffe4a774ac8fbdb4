package swarmformer.jobs;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import swarmformer.data.LabelValues;
import swarmformer.report.Numbers;
import swarmformer.report.Pages;

/** Text for a person at a console: names in one column, values in the next. */
final class ConsoleReport {
  /** Characters of a line after the name. */
  private static final int WIDTH = 78;

  private final PrintWriter out;

  ConsoleReport(PrintWriter out) {
    this.out = out;
  }

  /** What the lines that follow are about. */
  void title(String format, Object... values) {
    out.println();
    out.println(text(format, values));
  }

  /** A name and its value. */
  void line(String name, String format, Object... values) {
    out.println(text("  %-14s  ", name) + text(format, values));
  }

  /** A sentence on as many lines as it needs; a percent sign stays with its number. */
  void sentence(String name, String sentence) {
    StringBuilder line = new StringBuilder();
    String first = name;
    for (String word : sentence.split(" (?!%)")) {
      if (line.length() + word.length() >= WIDTH) {
        line(first, "%s", line.toString().strip());
        line.setLength(0);
        first = "";
      }
      line.append(word).append(' ');
    }
    line(first, "%s", line.toString().strip());
  }

  /** Where something lies. */
  void place(String name, Object path) {
    line(name, "%s", Pages.place(path.toString()));
  }

  /** A sentence, or more of them, each on a line of its own. */
  void note(String kind, String... sentences) {
    out.println(kind + ": " + String.join(System.lineSeparator() + "  ", sentences));
  }

  /** Tells unrecognised labels, if there are any. */
  void warnOfUnrecognised(LabelValues found) {
    if (found.unrecognised() > 0) {
      note(
          "Warning",
          text("unrecognised labels, not evaluated: %,d.", found.unrecognised()),
          found(found));
    }
  }

  /** The unrecognised labels, and the option that maps them to classes. */
  static String found(LabelValues unrecognised) {
    return "Found: " + unrecognised.listing() + ". --label-map says what labels mean.";
  }

  void blank() {
    out.println();
  }

  void end() {
    out.flush();
  }

  /** A time in milliseconds. */
  static String ms(double ms) {
    return number(ms) + " ms";
  }

  /** A measured number with the digits that matter. */
  static String number(double value) {
    return text(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
  }

  /** A share of one, not all or none unless it is. */
  static String percent(double share) {
    return Numbers.percent(share);
  }

  /** Whether scoring took long enough for a speed that is not that of its start. */
  static boolean isPastWarmUp(long scoreMs) {
    return scoreMs >= 60_000;
  }

  /** How many there are of each, as in "2 no tokens, 3 null text". */
  static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> text("%,d %s", entry.getValue(), entry.getKey()))
        .collect(Collectors.joining(", "));
  }

  /** How many there are of each, and which part of all that is. */
  static String shares(Map<String, Long> counts, long all) {
    return counts.entrySet().stream()
        .map(
            entry ->
                text(
                    "%,d %s (%s)",
                    entry.getValue(),
                    entry.getKey(),
                    Numbers.wholePercent((double) entry.getValue() / all)))
        .collect(Collectors.joining(", "));
  }

  /** Formats the same on every machine. */
  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
