package swarmformer.jobs;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import swarmformer.metrics.BatchTimings;
import swarmformer.metrics.RowCounts;
import swarmformer.metrics.RunMetrics;

/** The end of a scoring run, for a person. */
final class Summary {
  private Summary() {}

  static void print(ScoringRun.Outcome outcome, PrintWriter out) {
    RunMetrics metrics = outcome.metrics();
    RowCounts rows = metrics.rows();
    out.printf(
        Locale.ROOT,
        "%nScored %,d of %,d texts in %.1f s%n",
        rows.scored(),
        rows.rows(),
        seconds(metrics));
    line(out, "sentiment", counts(rows.bySentiment()));
    line(out, "no prediction", counts(rows.errors()));
    line(out, "truncated", rows.truncated() == 0 ? "" : "%,d".formatted(rows.truncated()));
    line(out, "speed", speed(metrics));
    line(out, "batch latency", latency(metrics.batches()));
    line(out, "model", model(metrics));
    line(out, "run", metrics.facts().runId());
    line(out, "predictions", outcome.predictions());
    warn(outcome, out);
    out.flush();
  }

  private static double seconds(RunMetrics metrics) {
    return (metrics.ended().toEpochMilli() - metrics.facts().started().toEpochMilli()) / 1e3;
  }

  private static void line(PrintWriter out, String name, String value) {
    if (!value.isEmpty()) {
      out.printf(Locale.ROOT, "  %-14s %s%n", name, value);
    }
  }

  private static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
        .collect(Collectors.joining(", "));
  }

  private static String speed(RunMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "%,.0f texts/s, %,.0f tokens/s while scoring",
        metrics.textsPerSecond(),
        metrics.tokensPerSecond());
  }

  private static String latency(BatchTimings batches) {
    return batches.meanMs() == null
        ? ""
        : String.format(
            Locale.ROOT,
            "mean %,.0f ms, p95 %,.0f ms, max %,.0f ms",
            batches.meanMs(),
            batches.p95Ms(),
            batches.maxMs());
  }

  private static String model(RunMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "%s, %.1f M parameters, %s on %s, sha256 %.12s",
        metrics.facts().modelName(),
        metrics.facts().modelParameters() / 1e6,
        metrics.facts().dtype(),
        String.join(", ", metrics.batches().devices()),
        metrics.facts().modelSha256());
  }

  private static void warn(ScoringRun.Outcome outcome, PrintWriter out) {
    if (outcome.input().rows() == 0) {
      out.println("Warning: the input has no rows, so the run is empty.");
    }
    if (outcome.input().unreadableLabels() > 0) {
      out.printf(
          Locale.ROOT,
          "Warning: %,d labels were not understood: they are null in the predictions.%n",
          outcome.input().unreadableLabels());
    }
    if (outcome.metrics().batches().undecodable() > 0) {
      out.printf(
          Locale.ROOT,
          "Warning: %,d texts hold U+FFFD, as bytes that are not UTF-8 are read. Set --option encoding=... if they are in another encoding.%n",
          outcome.metrics().batches().undecodable());
    }
  }
}
