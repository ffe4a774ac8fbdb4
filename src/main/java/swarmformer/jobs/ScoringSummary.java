package swarmformer.jobs;

import java.io.PrintWriter;
import java.util.List;
import swarmformer.metrics.BatchTimings;
import swarmformer.metrics.RowCounts;
import swarmformer.metrics.RunMetrics;
import swarmformer.report.Pages;

/** The end of a scoring run, for a person. */
final class ScoringSummary {
  private ScoringSummary() {}

  static void print(ScoringRun.Outcome outcome, PrintWriter writer) {
    RunMetrics metrics = outcome.metrics();
    ConsoleReport out = beforeEvaluation(outcome, writer);
    if (ConsoleReport.isPastWarmUp(metrics.stages().scoreMs())) {
      line(out, "speed", speed(metrics));
      line(out, "batch latency", latency(metrics.batches()));
    }
    line(out, "model", model(metrics));
    line(out, "run", metrics.facts().runId());
    out.place("predictions", outcome.predictions());
    warn(outcome, out);
    out.end();
  }

  /** What an evaluation does not tell, which follows. */
  static void printBeforeEvaluation(ScoringRun.Outcome outcome, PrintWriter writer) {
    ConsoleReport out = beforeEvaluation(outcome, writer);
    out.place("predictions", outcome.predictions());
    warn(outcome, out);
    out.end();
  }

  private static ConsoleReport beforeEvaluation(ScoringRun.Outcome outcome, PrintWriter writer) {
    RunMetrics metrics = outcome.metrics();
    RowCounts rows = metrics.rows();
    ConsoleReport out = new ConsoleReport(writer);
    out.title("Scored %,d of %,d texts in %,.1f s", rows.scored(), rows.rows(), seconds(metrics));
    line(out, "sentiment", ConsoleReport.shares(rows.bySentiment(), rows.scored()));
    line(out, "no prediction", ConsoleReport.counts(rows.errors()));
    line(
        out, "truncated", rows.truncated() == 0 ? "" : ConsoleReport.text("%,d", rows.truncated()));
    String name = "for example";
    for (Examples.Example example : outcome.examples()) {
      out.line(
          name,
          "%-8s %6.2f %%  %s",
          example.sentiment(),
          100 * example.probability(),
          example.text().replaceAll("\\s+", " "));
      name = "";
    }
    return out;
  }

  static void printPublishedBefore(String runId, PrintWriter writer) {
    ConsoleReport out = new ConsoleReport(writer);
    out.title("Run %s was published by an earlier attempt of this application", runId);
    out.end();
  }

  private static double seconds(RunMetrics metrics) {
    return (metrics.ended().toEpochMilli() - metrics.facts().started().toEpochMilli()) / 1e3;
  }

  private static void line(ConsoleReport out, String name, String value) {
    if (!value.isEmpty()) {
      out.line(name, "%s", value);
    }
  }

  private static String speed(RunMetrics metrics) {
    return metrics.rows().scored() == 0
        ? ""
        : ConsoleReport.text(
            "%s texts/s, %s tokens/s while scoring",
            ConsoleReport.number(metrics.textsPerSecond()),
            ConsoleReport.number(metrics.tokensPerSecond()));
  }

  private static String latency(BatchTimings batches) {
    return batches.meanMs() == null
        ? ""
        : ConsoleReport.text(
            "mean %s, p95 %s, max %s",
            ConsoleReport.ms(batches.meanMs()),
            ConsoleReport.ms(batches.p95Ms()),
            ConsoleReport.ms(batches.maxMs()));
  }

  private static String model(RunMetrics metrics) {
    List<String> devices = metrics.batches().use().devices();
    return ConsoleReport.text(
        "%s, %.1f M parameters, %s%s, sha256 %.12s",
        Pages.place(metrics.facts().modelName()),
        metrics.facts().modelParameters() / 1e6,
        metrics.facts().dtype(),
        devices.isEmpty() ? "" : " on " + String.join(", ", devices),
        metrics.facts().modelSha256());
  }

  private static void warn(ScoringRun.Outcome outcome, ConsoleReport out) {
    if (outcome.metrics().rows().rows() == 0) {
      out.note("Warning", "the input has no rows, so the run is empty.");
    }
    outcome
        .metrics()
        .batches()
        .use()
        .fallbacks()
        .forEach(reason -> out.note("Warning", "scored on the CPU. " + reason));
    long labels = outcome.metrics().rows().unreadableLabels();
    if (labels > 0) {
      out.note(
          "Warning",
          ConsoleReport.text(
              "unrecognised labels, null in the predictions and not evaluated: %,d.", labels),
          outcome
              .unrecognised()
              .filter(found -> found.unrecognised() > 0)
              .map(ConsoleReport::found)
              .orElse("--label-map says what labels mean."));
    }
    long undecodable = outcome.metrics().batches().undecodable();
    if (undecodable > 0) {
      out.note(
          "Warning",
          ConsoleReport.text(
              "texts with U+FFFD, as bytes that are not UTF-8 are read: %,d.", undecodable),
          "Set --option encoding=... if they are in another encoding.");
    }
  }
}
