package swarmformer.report.trend;

import static swarmformer.report.Numbers.count;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What somebody should look at.
 *
 * @param what it is, and in how many nights
 * @param nights the nights, each with what is known of it; the last ones first
 */
public record Finding(String what, List<String> nights) {
  /** The table has them all. */
  private static final int MOST = 5;

  /** A finding about nights in order, of which the last ones are told. */
  static Finding of(String what, List<String> nights) {
    List<String> told = new ArrayList<>(nights);
    Collections.reverse(told);
    if (told.size() > MOST) {
      told = new ArrayList<>(told.subList(0, MOST));
      told.add("and " + count(nights.size() - MOST) + " more");
    }
    return new Finding(what, List.copyOf(told));
  }

  /** On one line. */
  @Override
  public String toString() {
    return what + ": " + String.join("; ", nights) + ".";
  }
}
