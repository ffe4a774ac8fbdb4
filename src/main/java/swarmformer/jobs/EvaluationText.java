package swarmformer.jobs;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import swarmformer.metrics.Confusion;
import swarmformer.metrics.Evaluation;
import swarmformer.metrics.EvaluationReport;
import swarmformer.metrics.Probabilities;
import swarmformer.metrics.PublishedFigures;

/** An evaluation, for a person at a console. */
final class EvaluationText {
  private final EvaluationReport report;
  private final PrintWriter out;

  private EvaluationText(EvaluationReport report, PrintWriter out) {
    this.report = report;
    this.out = out;
  }

  static void print(EvaluationReport report, Path written, PrintWriter out) {
    EvaluationText text = new EvaluationText(report, out);
    text.quality();
    text.confusion();
    text.speed();
    text.model();
    report.evaluation().notes().forEach(note -> out.println("Note: " + note));
    line(out, "report", "%s", new Path(written, "metrics.json"));
    out.flush();
  }

  private void quality() {
    Evaluation evaluation = report.evaluation();
    Confusion confusion = evaluation.confusion();
    Optional<PublishedFigures> published = report.published();
    out.printf(
        Locale.ROOT,
        "%nEvaluated %,d of %,d rows of run %s%n",
        evaluation.evaluated(),
        evaluation.rows(),
        report.run().<String>getAs("run_id"));
    published.ifPresent(
        figures ->
            out.printf("  %-14s %8s  published (IMDb test, %s)%n", "", "here", figures.model()));
    share("accuracy", confusion.accuracy(), published.map(PublishedFigures::accuracy));
    share("precision", confusion.precision(), published.map(PublishedFigures::precision));
    share("recall", confusion.recall(), published.map(PublishedFigures::recall));
    share("F1", confusion.f1(), published.map(PublishedFigures::f1));
    Probabilities probabilities = evaluation.probabilities();
    number("ROC AUC", probabilities.rocAuc());
    number("log loss", probabilities.logLoss());
    number("Brier score", probabilities.brier());
  }

  private void share(String name, double value, Optional<Double> published) {
    String beside =
        published.map(figure -> String.format(Locale.ROOT, "  %.2f %%", 100 * figure)).orElse("");
    out.printf(Locale.ROOT, "  %-14s %6.2f %%%s%n", name, 100 * value, beside);
  }

  private void number(String name, Double value) {
    out.printf(
        Locale.ROOT,
        "  %-14s %8s%n",
        name,
        value == null ? "-" : String.format(Locale.ROOT, "%.4f", value));
  }

  private void confusion() {
    long[][] counts = report.evaluation().confusion().counts();
    line(out, "confusion", "rows: label, columns: prediction");
    StringBuilder header = new StringBuilder();
    for (int prediction = 0; prediction < counts.length; prediction++) {
      header.append(String.format(Locale.ROOT, "%,12d", prediction));
    }
    line(out, "", "%8s%s", "", header);
    for (int label = 0; label < counts.length; label++) {
      StringBuilder cells = new StringBuilder();
      for (long count : counts[label]) {
        cells.append(String.format(Locale.ROOT, "%,12d", count));
      }
      line(out, "", "%8d%s", label, cells);
    }
  }

  private void speed() {
    Row run = report.run();
    if (run.getAs("batch_mean_ms") == null) {
      return;
    }
    line(
        out,
        "batch latency",
        "mean %,.0f ms, p95 %,.0f ms, min %,.0f ms, max %,.0f ms; %.2f ms a sample",
        run.getAs("batch_mean_ms"),
        run.getAs("batch_p95_ms"),
        run.getAs("batch_min_ms"),
        run.getAs("batch_max_ms"),
        report.meanSampleMs());
    line(
        out,
        "speed",
        "%,.0f samples/s while scoring, %,d of %,d samples in %.1f s",
        run.getAs("texts_per_second"),
        run.getAs("scored"),
        run.getAs("rows"),
        run.<Long>getAs("total_ms") / 1e3);
  }

  private void model() {
    Row run = report.run();
    line(
        out,
        "model",
        "%s, %,d parameters (all trainable), %s",
        run.getAs("model"),
        run.getAs("model_parameters"),
        run.getAs("dtype"));
    line(
        out,
        "configuration",
        "%s",
        run.<String>getAs("model_config").replaceAll("[\\s{}\"]+", " ").strip());
  }

  private static void line(PrintWriter out, String name, String format, Object... values) {
    out.printf(Locale.ROOT, "  %-14s " + format + "%n", prepend(name, values));
  }

  private static Object[] prepend(String name, Object... values) {
    Object[] all = new Object[values.length + 1];
    all[0] = name;
    System.arraycopy(values, 0, all, 1, values.length);
    return all;
  }
}
