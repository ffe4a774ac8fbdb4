package swarmformer.jobs;

import static swarmformer.jobs.ConsoleReport.ms;
import static swarmformer.jobs.ConsoleReport.percent;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import swarmformer.analysis.ComparedSlices;
import swarmformer.analysis.Interval;
import swarmformer.analysis.Slices;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.metrics.Confusion;
import swarmformer.metrics.Evaluation;
import swarmformer.metrics.EvaluationReport;
import swarmformer.metrics.Probabilities;
import swarmformer.metrics.PublishedFigures;
import swarmformer.report.EvaluationPage;
import swarmformer.report.Numbers;
import swarmformer.report.Pages;

/** An evaluation, for a person at a console. */
final class EvaluationText {
  /** Values of a column that are told here; the page has more. */
  private static final int SLICES = 5;

  private final EvaluationPage page;
  private final EvaluationReport report;
  private final Evaluation evaluation;
  private final ConsoleReport out;

  private EvaluationText(EvaluationPage page, PrintWriter out) {
    this.page = page;
    this.report = page.report();
    this.evaluation = report.evaluation();
    this.out = new ConsoleReport(out);
  }

  static void print(EvaluationPage page, Path written, PrintWriter out) {
    EvaluationText text = new EvaluationText(page, out);
    text.title();
    if (page.evaluation().evaluated() > 0) {
      page.verdict().forEach(sentence -> text.out.sentence("", sentence));
      text.out.blank();
      text.quality();
      ConfusionText.print(text.report, text.out);
      text.comparison();
      text.slices();
    }
    text.speed();
    text.model();
    text.out.line("run", "%s", text.report.run().<String>getAs("run_id"));
    text.out.place("figures", new Path(written, "metrics.json"));
    text.report.evaluation().notes().forEach(note -> text.out.note("Note", note));
    text.out.note("Report", Pages.place(new Path(written, "report.html").toString()));
    text.out.end();
  }

  private void title() {
    Confusion confusion = evaluation.confusion();
    String right =
        ConsoleReport.text(
            ": %,d right (%s), %,d wrong",
            confusion.right(),
            percent(confusion.accuracy()),
            confusion.total() - confusion.right());
    out.title(
        "Evaluated %,d of %,d rows%s",
        evaluation.evaluated(), evaluation.rows(), evaluation.evaluated() == 0 ? "" : right);
  }

  private void quality() {
    Confusion confusion = evaluation.confusion();
    Optional<PublishedFigures> published = report.published();
    if (published.isPresent()) {
      out.line("", "%9s %11s", "here", "published");
    }
    share("accuracy", confusion.accuracy(), published.map(PublishedFigures::accuracy));
    Interval interval = page.analysis().interval();
    out.line("", "  95 %% interval %s", Numbers.range(interval));
    page.groups().ifPresent(groups -> out.sentence("", groups));
    share("base rate", confusion.baseRate(), Optional.empty());
    share("precision", confusion.precision(), published.map(PublishedFigures::precision));
    share("recall", confusion.recall(), published.map(PublishedFigures::recall));
    share("F1", confusion.f1(), published.map(PublishedFigures::f1));
    Probabilities probabilities = evaluation.probabilities();
    number("ROC AUC", probabilities.rocAuc());
    number("log loss", probabilities.logLoss());
    number("Brier score", probabilities.brier());
    published.ifPresent(
        figures -> out.line("published", "%s on the IMDb test reviews", figures.model()));
    out.blank();
  }

  private void share(String name, double value, Optional<Double> published) {
    String beside =
        published.map(figure -> ConsoleReport.text(" %11s", percent(figure))).orElse("");
    out.line(name, "%9s%s", percent(value), beside);
  }

  private void number(String name, Double value) {
    out.line(name, "%9s", value == null ? "-" : ConsoleReport.text("%.4f", value));
  }

  private void comparison() {
    if (page.analysis().comparison() != null) {
      out.sentence("against", page.comparison().difference());
      out.blank();
      page.analysis().comparison().slices().forEach(this::slicesOfBoth);
    }
  }

  private void slicesOfBoth(ComparedSlices slices) {
    out.line("by " + slices.column(), "%9s %11s %11s  difference", "rows", "this run", "other");
    slices.slices().stream()
        .limit(SLICES)
        .forEach(
            slice ->
                out.line(
                    slice.value(),
                    "%,9d %11s %11s  %s%s",
                    slice.counts().rows(),
                    percent(slice.accuracyHere()),
                    percent(slice.accuracyThere()),
                    Numbers.points(slice.difference()),
                    slice.interval() == null
                        ? ""
                        : " (%s)"
                            .formatted(
                                Numbers.pointsRange(
                                    slice.interval().low(), slice.interval().high()))));
    out.blank();
  }

  /** The columns that were asked for, which come after length and truncation. */
  private void slices() {
    for (Slices slices : page.analysis().slices().stream().skip(2).toList()) {
      out.line("by " + slices.column(), "%9s %11s", "rows", "accuracy");
      slices.slices().stream()
          .limit(SLICES)
          .forEach(
              slice ->
                  out.line(
                      slice.value(),
                      "%,9d %11s%s",
                      slice.rows(),
                      percent(slice.accuracy()),
                      slice.isWeak() ? "  weak" : ""));
      out.blank();
    }
  }

  private void speed() {
    Row run = report.run();
    if (run.getAs("batch_mean_ms") == null
        || !ConsoleReport.isPastWarmUp(run.<Long>getAs("score_stage_ms"))) {
      return;
    }
    out.line(
        "batch latency",
        "mean %s, p95 %s, min %s, max %s",
        ms(run.getAs("batch_mean_ms")),
        ms(run.getAs("batch_p95_ms")),
        ms(run.getAs("batch_min_ms")),
        ms(run.getAs("batch_max_ms")));
    out.line("text latency", "mean %s", ms(report.meanSampleMs()));
    out.line(
        "speed", "%s texts/s while scoring", ConsoleReport.number(run.getAs("texts_per_second")));
  }

  private void model() {
    Row run = report.run();
    SwarmFormerConfig config = report.config();
    List<String> devices = run.getList(run.fieldIndex("devices"));
    out.line(
        "model",
        "%s, %s%s",
        Pages.place(run.getAs("model")),
        run.<String>getAs("dtype"),
        devices.isEmpty() ? "" : " on " + String.join(", ", devices));
    out.line("parameters", "%,d, all trainable", run.<Long>getAs("model_parameters"));
    out.line(
        "configuration",
        "vocab_size %d, d_model %d, seq_len %d",
        config.vocabSize(),
        config.dModel(),
        config.seqLen());
    out.line(
        "",
        "cluster_size %d, num_layers %d, T_local %d, truncation_side %s",
        config.clusterSize(),
        config.numLayers(),
        config.localSteps(),
        config.truncationSide().text());
  }
}
