package swarmformer.report.trend;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import swarmformer.analysis.NightAccuracy;
import swarmformer.store.Drift;
import swarmformer.store.Manifest;

/**
 * The figures of a night. What there is none of is null.
 *
 * @param manifest what the store says of it
 * @param judged its rows whose labels have come
 * @param classes names of those of its model
 */
public record TrendNight(Manifest manifest, NightAccuracy judged, Set<String> classes) {
  /** Its date. */
  public LocalDate date() {
    return LocalDate.parse(manifest.date());
  }

  /** What became of its rows. */
  public Manifest.Counts counts() {
    return manifest.counts();
  }

  /** Rows without a prediction. */
  public long unscored() {
    return counts().rows() - counts().scored();
  }

  /** Their share of all rows. */
  public Double unscoredShare() {
    return share(unscored(), counts().rows());
  }

  /** The share of the scored rows that were cut to the model's length. */
  public Double truncatedShare() {
    return share(counts().truncated(), counts().scored());
  }

  /** The share of the scored rows that are of a class; null if its model has no such class. */
  public Double shareOf(String className) {
    return !classes.contains(className)
        ? null
        : share(counts().bySentiment().getOrDefault(className, 0L), counts().scored());
  }

  /** The share of the scored rows with a score above 0.1 and up to 0.9. */
  public Double unsureShare() {
    List<Long> bins = manifest.distribution().score();
    long sure = bins.get(0) + bins.get(bins.size() - 1);
    return share(counts().scored() - sure, counts().scored());
  }

  private static Double share(long part, long whole) {
    return whole == 0 ? null : (double) part / whole;
  }

  /** An index of drift; null without a baseline, or without rows to compare. */
  public Double drift(ToDoubleFunction<Drift> index) {
    Drift drift = manifest.drift();
    return drift == null || drift.rows() == 0 || drift.baselineRows() == 0
        ? null
        : index.applyAsDouble(drift);
  }

  /** The greatest of its indices. */
  public Double greatestDrift() {
    return drift(drift -> Math.max(drift.score(), Math.max(drift.length(), drift.unknown())));
  }

  /** The accuracy that the model's own probabilities let expect. */
  public Double estimatedAccuracy() {
    return manifest.estimate() == null ? null : manifest.estimate().accuracy();
  }

  /** The accuracy on the rows whose labels have come. */
  public Double accuracy() {
    return judged.accuracy();
  }

  /** Median latency of a batch. */
  public Double batchP50Ms() {
    return manifest.speed().batchP50Ms();
  }

  /** Latency that 95 of 100 batches do not exceed. */
  public Double batchP95Ms() {
    return manifest.speed().batchP95Ms();
  }

  /** Texts for each second of scoring; null if the job that published the night scored none. */
  public Double textsPerSecond() {
    Manifest.Speed speed = manifest.speed();
    return speed.scoredHere() == 0 || speed.scoreMs() == 0
        ? null
        : speed.scoredHere() * 1e3 / speed.scoreMs();
  }

  /** The beginning of the hash of the weights. */
  public String modelHash() {
    return "%.8s".formatted(manifest.model().sha256());
  }

  /** Whether the same model, in the same number format, scored both. */
  boolean hasModelOf(TrendNight other) {
    Manifest.Model ours = manifest.model();
    Manifest.Model theirs = other.manifest.model();
    return ours.sha256().equals(theirs.sha256())
        && ours.configSha256().equals(theirs.configSha256())
        && ours.dtype().equals(theirs.dtype());
  }
}
