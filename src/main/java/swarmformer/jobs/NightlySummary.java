package swarmformer.jobs;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import swarmformer.nightly.NightAction;
import swarmformer.report.Pages;
import swarmformer.store.Drift;
import swarmformer.store.Manifest;

/** The end of a night, for a person. */
final class NightlySummary {
  private final NightAction.Result result;
  private final ConsoleReport out;

  private NightlySummary(NightAction.Result result, PrintWriter out) {
    this.result = result;
    this.out = new ConsoleReport(out);
  }

  /** Says what came of a night and gives its exit code. */
  static int print(NightAction.Result result, PrintWriter out) {
    NightlySummary summary = new NightlySummary(result, out);
    int code =
        switch (result.outcome()) {
          case PUBLISHED -> summary.published(result.manifest().orElseThrow());
          case ALREADY_THERE -> summary.alreadyThere();
          case STOPPED -> summary.stopped();
        };
    summary.out.end();
    return code;
  }

  private int alreadyThere() {
    String scored =
        result
            .manifest()
            .map(
                m ->
                    ConsoleReport.text(
                        ": %,d rows, published %.16sZ", m.counts().rows(), m.published()))
            .orElse("");
    out.title("Night %s is in the store already%s", result.date(), scored);
    out.line("", "%s", "Nothing was done; --overwrite scores it again.");
    result.late().ifPresent(change -> out.note("Warning", change));
    return result.manifest().map(this::gates).orElse(ExitCode.DONE);
  }

  private int stopped() {
    out.title("Night %s stopped before the deadline", result.date());
    out.line(
        "kept",
        "%s",
        result.rows() == 0
            ? "what was ready before, the night was not planned this time"
            : ConsoleReport.text("%,d of %,d rows are ready", result.rowsDone(), result.rows()));
    out.line("", "%s", "The same command resumes there.");
    return ExitCode.DEADLINE;
  }

  private int published(Manifest night) {
    Manifest.Counts counts = night.counts();
    out.title(
        "Night %s: %,d rows in %,.1f s",
        night.date(), counts.rows(), night.speed().totalMs() / 1e3);
    out.line("rows", "%s", rows(counts));
    if (counts.repeatedIds() > 0) {
      out.line("repeated ids", "%,d", counts.repeatedIds());
    }
    line("sentiment", ConsoleReport.shares(counts.bySentiment(), counts.scored()));
    if (night.estimate() != null) {
      out.line(
          "accuracy",
          "estimated without labels: %s, if the probabilities are calibrated",
          ConsoleReport.percent(night.estimate().accuracy()));
    }
    line("no prediction", ConsoleReport.counts(counts.errors()));
    if (counts.truncated() > 0) {
      out.line("truncated", "%,d", counts.truncated());
    }
    if (night.speed().scoreMs() > 0 && night.speed().scoredHere() > 0) {
      double rate = night.speed().scoredHere() * 1e3 / night.speed().scoreMs();
      out.line("speed", "%s texts/s while scoring", ConsoleReport.number(rate));
    }
    if (night.drift() != null) {
      drift(night.drift());
    }
    out.line(
        "model",
        "%s, %s, sha256 %.12s",
        Pages.place(night.model().name()),
        night.model().dtype(),
        night.model().sha256());
    out.place("store", result.place());
    return notes(night);
  }

  private static String rows(Manifest.Counts counts) {
    List<String> parts = new ArrayList<>();
    if (counts.computed() > 0) {
      parts.add(
          ConsoleReport.text(
              "%,d scored (%,d new, %,d changed)",
              counts.computed(), counts.fresh(), counts.changed()));
    }
    if (counts.reused() > 0) {
      parts.add(ConsoleReport.text("%,d reused from earlier nights", counts.reused()));
    }
    return parts.isEmpty() ? "none" : String.join(", ", parts);
  }

  private void line(String name, String value) {
    if (!value.isEmpty()) {
      out.line(name, "%s", value);
    }
  }

  private void drift(Drift drift) {
    out.line(
        "drift",
        "score %.3f, length %.3f, unknown tokens %.3f against %s (%,d rows)",
        drift.score(),
        drift.length(),
        drift.unknown(),
        drift.baseline(),
        drift.baselineRows());
  }

  /** A gate stays closed, on every start of the night, until somebody has seen it. */
  private int gates(Manifest night) {
    if (night.acknowledged() != null) {
      String when = ConsoleReport.text("acknowledged %.16sZ", night.acknowledged().time());
      night.warnings().forEach(warning -> out.note("Note", warning + "; " + when + "."));
    } else {
      night.warnings().forEach(warning -> out.note("Gate", warning + "."));
    }
    if (!night.needsAcknowledgement()) {
      return ExitCode.DONE;
    }
    out.note(
        "Note",
        "the night ends with exit code %s until --acknowledge --date %s, or --overwrite."
            .formatted(Integer.toString(ExitCode.GATE), result.date()));
    return ExitCode.GATE;
  }

  private int notes(Manifest night) {
    if (night.counts().rows() == 0) {
      out.note("Warning", "the input has no rows of this night, so it is empty.");
    }
    if (night.counts().undated() > 0) {
      out.note(
          "Warning",
          ConsoleReport.text(
              "rows with a missing or unparseable date, assigned to no night: %,d.",
              night.counts().undated()));
    }
    return gates(night);
  }
}
