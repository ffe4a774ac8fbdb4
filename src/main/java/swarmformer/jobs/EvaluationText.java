package swarmformer.jobs;

import static swarmformer.jobs.Report.ms;
import static swarmformer.jobs.Report.percent;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.metrics.Confusion;
import swarmformer.metrics.Evaluation;
import swarmformer.metrics.EvaluationReport;
import swarmformer.metrics.Probabilities;
import swarmformer.metrics.PublishedFigures;

/** An evaluation, for a person at a console. */
final class EvaluationText {
  private final EvaluationReport report;
  private final Evaluation evaluation;
  private final Report out;

  private EvaluationText(EvaluationReport report, PrintWriter out) {
    this.report = report;
    this.evaluation = report.evaluation();
    this.out = new Report(out);
  }

  static void print(EvaluationReport report, Path written, PrintWriter out) {
    EvaluationText text = new EvaluationText(report, out);
    text.title();
    if (report.evaluation().evaluated() > 0) {
      text.quality();
      ConfusionText.print(report, text.out);
    }
    text.speed();
    text.model();
    text.out.line("run", "%s", report.run().<String>getAs("run_id"));
    text.out.place("figures", new Path(written, "metrics.json"));
    report.evaluation().notes().forEach(note -> text.out.note("Note", note));
    text.out.note("Report", Report.plain(new Path(written, "report.html").toString()));
    text.out.end();
  }

  private void title() {
    Confusion confusion = evaluation.confusion();
    String right =
        Report.text(
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
    String beside = published.map(figure -> Report.text(" %11s", percent(figure))).orElse("");
    out.line(name, "%9s%s", percent(value), beside);
  }

  private void number(String name, Double value) {
    out.line(name, "%9s", value == null ? "-" : Report.text("%.4f", value));
  }

  private void speed() {
    Row run = report.run();
    if (run.getAs("batch_mean_ms") == null) {
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
    out.line("speed", "%s texts/s while scoring", Report.number(run.getAs("texts_per_second")));
    out.line(
        "processed",
        "%,d of %,d texts in %,.1f s",
        run.<Long>getAs("scored"),
        run.<Long>getAs("rows"),
        run.<Long>getAs("total_ms") / 1e3);
  }

  private void model() {
    Row run = report.run();
    SwarmFormerConfig config = report.config();
    List<String> devices = run.getList(run.fieldIndex("devices"));
    out.line(
        "model",
        "%s, %s%s",
        Report.plain(run.getAs("model")),
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
