package swarmformer.nightly;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import swarmformer.metrics.RowCounts;
import swarmformer.store.Drift;
import swarmformer.store.Manifest;

/**
 * What a night that is published is judged by.
 *
 * @param minRows rows below which a gate closes
 * @param maxErrorShare share of rows without a prediction, 0 to 1, above which a gate closes
 * @param baseline nights to compare with; a gate closes if the rows have drifted from them
 * @param minEstimatedAccuracy share of right predictions, 0 to 1; a gate closes if fewer are
 *     estimated
 */
public record Gates(
    long minRows,
    OptionalDouble maxErrorShare,
    Optional<DateRange> baseline,
    OptionalDouble minEstimatedAccuracy) {
  /** The reasons of the gates that close, one sentence each; empty if none does. */
  List<String> warnings(
      RowCounts counts, Optional<Drift> drift, Optional<Manifest.Estimate> estimate) {
    List<String> warnings = new ArrayList<>();
    if (counts.rows() < minRows) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the night has %,d rows, fewer than %,d (--min-rows)",
              counts.rows(),
              minRows));
    }
    double errorShare =
        counts.rows() == 0 ? 0 : (counts.rows() - counts.scored()) / (double) counts.rows();
    if (maxErrorShare.isPresent() && errorShare > maxErrorShare.getAsDouble()) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%.2f %% of the rows have no prediction, more than %.2f %%",
              100 * errorShare,
              100 * maxErrorShare.getAsDouble()));
    }
    drift.ifPresent(found -> warnings.addAll(found.warnings()));
    if (counts.rows() > 0) {
      drift
          .filter(found -> found.rows() == 0 || found.baselineRows() == 0)
          .ifPresent(
              found ->
                  warnings.add(
                      "nothing can be compared with the nights %s: %s no row with a prediction"
                          .formatted(
                              found.baseline(),
                              found.rows() == 0 ? "this night has" : "they have")));
      if (minEstimatedAccuracy.isPresent() && estimate.isEmpty()) {
        warnings.add("no accuracy can be estimated: no row has a prediction");
      }
    }
    if (minEstimatedAccuracy.isPresent()) {
      estimate
          .filter(found -> !(found.accuracy() >= minEstimatedAccuracy.getAsDouble())) // NaN, too
          .ifPresent(
              found ->
                  warnings.add(
                      String.format(
                          Locale.ROOT,
                          "the estimated accuracy is %.2f %%, less than %.2f %%",
                          100 * found.accuracy(),
                          100 * minEstimatedAccuracy.getAsDouble())));
    }
    return List.copyOf(warnings);
  }
}
