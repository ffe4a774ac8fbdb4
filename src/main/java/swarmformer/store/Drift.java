package swarmformer.store;

import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How far a night lies from its baseline: the population stability index of the score, the length
 * and the share of unknown tokens, each over fixed bins.
 *
 * <p>The index is the sum over bins of (p - q) ln(p / q), where each bin counts half a row more
 * than it holds. Of two samples of n and m rows of the same kind it is about (bins - 1)(1/n + 1/m);
 * the limit is {@value #SHIFT} above that, so that a small night does not alarm by chance.
 *
 * @param baseline the nights compared with
 * @param baselineRows scored rows of them
 * @param rows scored rows of the night
 * @param score index of the probability of the last class of two, or of the most probable one
 * @param length index of the number of tokens
 * @param unknown index of the share of unknown tokens
 */
public record Drift(
    String baseline, long baselineRows, long rows, double score, double length, double unknown) {
  /** Usually taken for a shift that matters. */
  public static final double SHIFT = 0.2;

  /** Upper ends of the bins but the last, each belonging to its bin. */
  private static final double[] SCORES = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

  private static final double[] LENGTHS = {4, 8, 16, 32, 64, 128, 256, 512};
  private static final double[] UNKNOWN_SHARES = {0, 0.01, 0.02, 0.05, 0.1};

  private static final String BIN = "drift_bin_";

  /** Scored rows by bin. */
  public record Distribution(List<Long> score, List<Long> length, List<Long> unknown) {
    /** Of no rows. */
    public static final Distribution NONE =
        new Distribution(zeros(SCORES), zeros(LENGTHS), zeros(UNKNOWN_SHARES));

    private static List<Long> zeros(double[] ends) {
      return Collections.nCopies(ends.length + 1, 0L);
    }

    /** Its figures, of rows that are aggregated. */
    public static List<Column> aggregates() {
      Column probabilities = col("probabilities");
      Column score =
          when(size(probabilities).equalTo(2), probabilities.getItem(1))
              .otherwise(array_max(probabilities));
      List<Column> sums = new ArrayList<>();
      sums.addAll(bins(score, SCORES));
      sums.addAll(bins(col("tokens"), LENGTHS));
      sums.addAll(bins(col("unknown").divide(col("tokens")), UNKNOWN_SHARES));
      return IntStream.range(0, sums.size()).mapToObj(i -> sums.get(i).as(BIN + i)).toList();
    }

    /** Counts the scored rows of nights. */
    public static Distribution of(Dataset<Row> nights) {
      List<Column> sums = aggregates();
      Row row = nights.agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new)).head();
      return of(IntStream.range(0, sums.size()).mapToObj(row::getLong).toList());
    }

    /** Reads the figures of {@link #aggregates}. */
    public static Distribution of(Map<String, ?> figures) {
      int bins = SCORES.length + LENGTHS.length + UNKNOWN_SHARES.length + 3;
      return of(IntStream.range(0, bins).mapToObj(i -> (Long) figures.get(BIN + i)).toList());
    }

    private static Distribution of(List<Long> counts) {
      int lengths = SCORES.length + 1;
      int shares = lengths + LENGTHS.length + 1;
      return new Distribution(
          List.copyOf(counts.subList(0, lengths)),
          List.copyOf(counts.subList(lengths, shares)),
          List.copyOf(counts.subList(shares, counts.size())));
    }

    /** That of the rows of both. */
    public Distribution plus(Distribution other) {
      return new Distribution(
          plus(score, other.score), plus(length, other.length), plus(unknown, other.unknown));
    }

    private static List<Long> plus(List<Long> one, List<Long> other) {
      return IntStream.range(0, one.size()).mapToObj(i -> one.get(i) + other.get(i)).toList();
    }

    /** Of a row without a prediction the value is null, which is in no bin. */
    private static List<Column> bins(Column value, double[] ends) {
      List<Column> sums = new ArrayList<>();
      for (int i = 0; i <= ends.length; i++) {
        Column above = i == 0 ? value.isNotNull() : value.gt(ends[i - 1]);
        Column within = i == ends.length ? above : above.and(value.leq(ends[i]));
        sums.add(coalesce(sum(within.cast("long")), lit(0L)));
      }
      return sums;
    }

    /** All of them. */
    public long rows() {
      return score.stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Compares a night with a baseline. */
  public static Drift between(String baseline, Distribution before, Distribution now) {
    return new Drift(
        baseline,
        before.rows(),
        now.rows(),
        stabilityIndex(before.score, now.score),
        stabilityIndex(before.length, now.length),
        stabilityIndex(before.unknown, now.unknown));
  }

  /** The population stability index of two counts over the same bins. */
  static double stabilityIndex(List<Long> before, List<Long> now) {
    double index = 0;
    for (int i = 0; i < before.size(); i++) {
      double p = share(now, i);
      double q = share(before, i);
      index += (p - q) * Math.log(p / q);
    }
    return index;
  }

  private static double share(List<Long> counts, int bin) {
    double total = counts.stream().mapToLong(Long::longValue).sum();
    return (counts.get(bin) + 0.5) / (total + 0.5 * counts.size());
  }

  /** What has drifted, one sentence each; empty if nothing, or if there are no rows. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (rows > 0 && baselineRows > 0) {
      warn("score", score, scoreLimit(), warnings);
      warn("length", length, lengthLimit(), warnings);
      warn("unknown tokens", unknown, unknownLimit(), warnings);
    }
    return warnings;
  }

  /** Where the gate closes for the score; infinite if there are no rows. */
  public double scoreLimit() {
    return limit(SCORES);
  }

  /** Where the gate closes for the length; infinite if there are no rows. */
  public double lengthLimit() {
    return limit(LENGTHS);
  }

  /** Where the gate closes for unknown tokens; infinite if there are no rows. */
  public double unknownLimit() {
    return limit(UNKNOWN_SHARES);
  }

  private double limit(double[] ends) {
    return SHIFT + ends.length * (1.0 / rows + 1.0 / baselineRows);
  }

  private void warn(String what, double index, double limit, List<String> warnings) {
    if (index > limit) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the %s has drifted from %s: stability index %.3f, limit %.3f",
              what,
              baseline,
              index,
              limit));
    }
  }
}
